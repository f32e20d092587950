// In front of the front ends that have controls: keys.

// Keeps the keys that are typed within `root` from the notebook around it, where a letter deletes or inserts cells.
// Tab, Escape and Shift+Enter lead out, and so do chords: Ctrl+S saves the notebook. Returns what undoes it.
function keepKeys(root) {
  const leadsOut = ({ ctrlKey, metaKey, altKey, shiftKey, key }) =>
    ctrlKey || metaKey || altKey || key === "Tab" || key === "Escape" || (shiftKey && key === "Enter");
  // JupyterLab looks its shortcuts up while the event is on its way down through the document, and passes over those
  // below this attribute. The window comes before the document.
  const mark = (event) => {
    if (!root.contains(event.target)) return;
    if (leadsOut(event)) delete root.dataset.lmSuppressShortcuts;
    else root.dataset.lmSuppressShortcuts = "true";
  };
  const keep = (event) => { // others listen on the way up
    if (!leadsOut(event)) event.stopPropagation();
  };
  window.addEventListener("keydown", mark, true);
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, keep);
  return () => {
    window.removeEventListener("keydown", mark, true);
    for (const type of ["keydown", "keypress", "keyup"]) root.removeEventListener(type, keep);
  };
}
