/* In <head>, before paint. Signed in, the server writes the choice; signed out, this browser remembers it. */
(function () {
  var root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var want = root.dataset.theme;
    if (!want) try { want = localStorage.getItem("theme"); } catch (e) { /* storage is off */ }
    if (want !== "light" && want !== "dark") want = dark.matches ? "dark" : "light";
    root.setAttribute("data-bs-theme", want);
  }
  root.classList.add("js");
  root.applyTheme = apply;
  dark.addEventListener("change", apply);
  apply();
})();
