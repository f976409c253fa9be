"use strict";
(() => {
const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;
const button = document.getElementById("theme");
function show(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  button.textContent = `Theme: ${theme}`;
}
button.addEventListener("click", () => {
  const now = root.dataset.theme || "auto";
  show(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
});
show("auto");
button.hidden = false;
root.dataset.ready = "true";
})();
