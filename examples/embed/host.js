// The host page's own script. The queue works before loader.js is there, too.
window.kefu = window.kefu || [];
window.kefu.push(["unread", (count) => (document.getElementById("unread").value = count)]);

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("ask").addEventListener("click", () => window.kefu.push(["open"]));
});
