// Single keys for those who want them, and what was done said aloud. Without this script everything works by Tab and Enter.
(() => {
  "use strict";
  const told = document.getElementById("told");
  if (told && told.textContent.trim()) {
    const words = told.textContent.trim();
    told.style.minHeight = `${told.offsetHeight}px`;  // nothing below it moves meanwhile
    told.textContent = "";  // a live region speaks when it changes, not when it is there from the start
    setTimeout(() => { told.textContent = words; }, 150);
    const heading = document.querySelector("main [autofocus]") || document.querySelector("main h1");
    if (heading && heading.tagName === "H1") heading.tabIndex = -1;
    if (heading) heading.focus();
  }
  const kept = (name, value) => {  // for this tab alone; a browser may refuse to keep anything
    try {
      if (value === undefined) return sessionStorage.getItem(name);
      if (value) sessionStorage.setItem(name, value); else sessionStorage.removeItem(name);
    } catch { /* nothing is kept, and nothing depends on it */ }
    return null;
  };
  const came = performance.getEntriesByType("navigation")[0];
  const back = kept("back") || (came && came.type === "back_forward");
  const left = kept("left");  // the case that was open last
  kept("back", "");
  if (/^\/case\/\d+$/.test(location.pathname)) kept("left", location.pathname);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a[data-does=back]")) kept("back", "yes");
  });
  const wanting = document.querySelector("[aria-invalid=true]");  // what the decision lacks
  if (wanting) wanting.focus();
  const keys = JSON.parse(document.body.dataset.keys || "{}");  // key -> what it does
  const links = [...document.querySelectorAll("a.open")];
  const last = back && links.find((link) => link.pathname === left);
  if (last) last.focus();
  const move = (step) => {
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    if (links.length) links[next].focus();
  };
  const mark = () => {
    const entry = document.activeElement && document.activeElement.closest("li");
    const box = entry && entry.querySelector("input[type=checkbox][name=case]");
    if (box) box.click();
  };
  const press = (name) => {
    const found = document.querySelector(`[data-does="${name}"]`);
    if (!found) return false;
    const list = name === "keys" && document.getElementById("keys");  // on the page, so that nothing written is left
    if (list && list.showModal) { if (!list.open) list.showModal(); return true; }
    if (found.type !== "radio") { found.focus(); found.click(); return true; }
    found.checked = true;
    found.closest("fieldset").querySelector("select").focus();
    return true;
  };
  const typing = (element) => element instanceof HTMLElement
    && element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
    const does = keys[event.key] || (event.getModifierState("CapsLock") && keys[event.key.toLowerCase()]);
    if (!does) return;
    if (does === "next") move(1);
    else if (does === "previous") move(-1);
    else if (does === "mark") mark();
    else if (!press(does)) return;
    event.preventDefault();
  });
})();
