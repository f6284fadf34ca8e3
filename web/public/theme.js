// Runs before the first paint, so that a chosen theme never flashes the other one. A file of its own because the
// content security policy allows no inline script.
(() => {
  const theme = localStorage.getItem("tradeassist.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const motion = localStorage.getItem("tradeassist.motion");
  if (motion === "reduced" || motion === "full") document.documentElement.dataset.motion = motion;
})();
