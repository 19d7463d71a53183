const WAIT = 300
export function render({model}) {
  const host = document.createElement("div")
  host.className = "box"
  host.innerHTML = model.html
  const all = [...host.querySelectorAll("[data-name]")]
  const by = Object.fromEntries(all.map(e => [e.dataset.name, e]))
  const part = (kind, name) => host.querySelector(`#${kind}-${CSS.escape(name)}`)
  let timer = 0
  let open = ""
  let active = -1
  const send = () => {
    clearTimeout(timer)
    timer = 0
    model.send_msg({fields: Object.fromEntries(all.map(e => [e.dataset.name, e.value]))})
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(send, WAIT) }
  const tell = () => {
    all.forEach(e => {
      const name = e.dataset.name
      const [kind, text] = model.told[name] || ["", ""]
      const shown = open === name && kind === "problem" ? "" : text
      const place = part("e", name)
      if (place.textContent !== shown) { place.textContent = shown }
      place.className = shown ? `told ${kind}` : "told"
      if (kind === "problem" && shown) { e.setAttribute("aria-invalid", "true") } else { e.removeAttribute("aria-invalid") }
      const fold = kind ? e.closest("details") : null
      if (fold) { fold.open = true }
    })
  }
  const close = () => {
    if (!open) { return }
    part("l", open).hidden = true
    by[open].setAttribute("aria-expanded", "false")
    by[open].removeAttribute("aria-activedescendant")
    open = ""
    active = -1
    tell()
  }
  const mark = index => {
    const items = [...part("l", open).children]
    active = items.length ? (index + items.length) % items.length : -1
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === active)))
    if (active < 0) { by[open].removeAttribute("aria-activedescendant"); return }
    by[open].setAttribute("aria-activedescendant", items[active].id)
    items[active].scrollIntoView({block: "nearest"})
  }
  const choose = text => {
    const field = by[open]
    field.value = text
    close()
    send()
  }
  const list = name => {
    const offers = model.offers[name] || []
    const place = part("l", name)
    place.replaceChildren(...offers.map(([text, hint], i) => {
      const item = document.createElement("li")
      item.id = `o-${name}-${i}`
      item.setAttribute("role", "option")
      item.setAttribute("aria-selected", "false")
      item.dataset.text = text
      item.append(text)
      if (hint) { const small = document.createElement("small"); small.textContent = hint; item.append(small) }
      return item
    }))
    active = -1
    by[name].removeAttribute("aria-activedescendant")
    place.hidden = !offers.length
    by[name].setAttribute("aria-expanded", String(offers.length > 0))
    if (!offers.length) { open = "" } else { open = name }
  }
  const isCombo = e => e && e.getAttribute && e.getAttribute("role") === "combobox"
  host.addEventListener("input", event => {
    if (!event.target.dataset.name) { return }
    if (isCombo(event.target) && open !== event.target.dataset.name) { close(); list(event.target.dataset.name) }
    later()
  })
  host.addEventListener("change", event => { if (event.target.dataset.name) { send() } })
  host.addEventListener("click", event => {
    const item = event.target.closest("li[role=option]")
    if (item) { choose(item.dataset.text); return }
    if (isCombo(event.target)) { if (open) { close() } else { list(event.target.dataset.name) } }
  })
  host.addEventListener("pointerdown", event => { if (event.target.closest("li[role=option]")) { event.preventDefault() } })
  host.addEventListener("focusout", event => { if (open && event.target === by[open]) { close() } })
  host.addEventListener("keydown", event => {
    const field = event.target
    if (!isCombo(field)) { return }
    const down = event.key === "ArrowDown", up = event.key === "ArrowUp"
    if (down || up) {
      event.preventDefault()
      if (!open) { list(field.dataset.name) }
      if (open) { mark(active < 0 && up ? -1 : active + (down ? 1 : -1)) }
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault()
      choose(part("l", open).children[active].dataset.text)
    } else if (event.key === "Escape" && open) {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  })
  model.on("told", tell)
  model.on("offers", () => { if (open) { list(open); tell() } })
  model.on("said", () => { part("s", "said").textContent = model.said })
  model.on("fill", () => {
    Object.entries(model.fill).forEach(([name, text]) => { if (by[name]) { by[name].value = text } })
    if (model.fill["*"] && by[model.fill["*"]]) { by[model.fill["*"]].focus() }
  })
  return host
}
