// Single keys for those who want them: j and k move, Enter opens, c d s t choose a decision, a assigns, u takes back.
(() => {
  "use strict";
  const links = [...document.querySelectorAll("a.open")];
  const move = (step) => {
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at < 0 ? 0 : at + step, 0), links.length - 1)].focus();
  };
  const choose = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (!found) return false;
    if (found.type !== "radio") { found.click(); return true; }
    found.checked = true;
    found.closest("fieldset").querySelector("select").focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const on = event.target;
    if (on instanceof HTMLElement && on.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "q") document.querySelector("a.back")?.click();
    else if (!"cdstau".includes(event.key) || event.key.length !== 1 || !choose(event.key)) return;
    event.preventDefault();
  });
})();
