// The demo page's buttons open the widget that loader.js adds.
window.kefu = window.kefu || [];
for (const button of document.querySelectorAll("[data-open-kefu]")) {
  button.addEventListener("click", () => window.kefu.push(["open"]));
}
