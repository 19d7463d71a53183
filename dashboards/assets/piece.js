const go = (model, event) => {
  const at = event.composedPath().find(n => n.dataset && (n.dataset.go || n.dataset.jump))
  if (!at || at.disabled) { return }
  if (at.dataset.jump) {
    event.preventDefault()
    window.dispatchEvent(new CustomEvent("natcap-jump", {detail: at.dataset.jump}))
  } else { event.preventDefault(); model.send_msg({go: at.dataset.go}) }
}
export function render({model}) {
  const host = document.createElement("div")
  host.className = "box"
  const draw = () => {
    const root = host.getRootNode()
    const focused = root.activeElement && root.activeElement.dataset ? root.activeElement.dataset.key : null
    const open = new Set([...host.querySelectorAll("details[open][data-key]")].map(d => d.dataset.key))
    host.innerHTML = model.html
    host.querySelectorAll("details[data-key]").forEach(d => { if (open.has(d.dataset.key)) { d.open = true } })
    const again = focused ? host.querySelector(`[data-key="${CSS.escape(focused)}"]`) : null
    if (again) { again.focus() }
  }
  const jump = event => { to(host.querySelector(`[data-anchor="${CSS.escape(event.detail)}"]`)) }
  const to = head => {
    if (!head) { return }
    head.tabIndex = -1
    head.style.scrollMarginTop = "90px"
    head.scrollIntoView({block: "start"})
    head.focus({preventScroll: true})
  }
  const redraw = () => { draw(); if (model.arrive) { setTimeout(() => to(host.querySelector("h2")), 150) } }
  host.addEventListener("click", event => go(model, event))
  host.addEventListener("change", event => {
    const at = event.composedPath().find(n => n.dataset && n.dataset.pick)
    if (at) { model.send_msg({go: `${at.dataset.pick}:${at.value}`}) }
  })
  host.addEventListener("toggle", event => {
    const at = event.target
    if (at.open && at.dataset.open) { model.send_msg({go: at.dataset.open}) }
  }, true)
  window.addEventListener("natcap-jump", jump)
  model.on("html", redraw)
  model.on("remove", () => window.removeEventListener("natcap-jump", jump))
  redraw()
  return host
}
