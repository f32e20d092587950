// In front of the front end of a page with ipywidgets' toggle buttons, which tell by their colour alone which is pressed.

// Tells screen readers as well. The buttons may come later than this is called. Returns what undoes it.
function tellPressed(root) {
  const tell = (button) => { button.ariaPressed = String(button.classList.contains("mod-active")); };
  const pressing = new MutationObserver((changes) => changes.forEach(({ target }) => tell(target)));
  const coming = new MutationObserver(look);
  function look() {
    const buttons = root.querySelectorAll(".widget-toggle-buttons button");
    if (buttons.length) coming.disconnect();
    for (const button of buttons) {
      tell(button);
      pressing.observe(button, { attributes: true, attributeFilter: ["class"] });
    }
  }
  coming.observe(root, { childList: true, subtree: true });
  look();
  return () => {
    coming.disconnect();
    pressing.disconnect();
  };
}
