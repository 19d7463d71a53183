const go = (model, event) => {
  const at = event.composedPath().find(n => n.dataset && (n.dataset.go || n.dataset.jump))
  if (!at || at.disabled) { return }
  if (at.dataset.jump) {
    event.preventDefault()
    window.dispatchEvent(new CustomEvent("natcap-jump", {detail: at.dataset.jump}))
  } else { event.preventDefault(); model.send_msg({go: at.dataset.go}) }
}
export function render({model}) {
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-label", "How is this worked out?")
  const draw = () => {
    if (!model.html) { if (dialog.open) { dialog.close() } return }
    const at = dialog.getRootNode().activeElement
    const key = at && at.dataset ? at.dataset.key : null
    dialog.innerHTML = model.html
    if (!dialog.open) { dialog.showModal() }
    const again = key ? dialog.querySelector(`[data-key="${CSS.escape(key)}"]`) : null
    if (again) { again.focus(); return }
    dialog.scrollTop = 0
    const head = dialog.querySelector("h2")
    if (head) { head.tabIndex = -1; head.focus() }
  }
  dialog.addEventListener("close", () => { if (model.html) { model.send_msg({go: "close"}) } })
  dialog.addEventListener("click", event => {
    const at = event.composedPath().find(n => n.dataset && n.dataset.go)
    const outside = event.composedPath()[0] === dialog
    if (outside || at && at.dataset.go === "close") { dialog.close() }
    else { go(model, event) }
  })
  model.on("html", draw)
  draw()
  return dialog
}
