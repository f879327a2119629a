// The demo page's own buttons open the widget that loader.js has put there, or will.
window.kefu = window.kefu || [];
for (const button of document.querySelectorAll("[data-open-kefu]")) {
  button.addEventListener("click", () => window.kefu.push(["open"]));
}
