// In front of the front ends that have controls: keys.

// Keeps the keys that are typed within `root` from the notebook around it, where a letter deletes or inserts cells.
// JupyterLab looks its shortcuts up while the event is still on its way down, so that it has to be told by an attribute;
// others listen on the way up. Tab and Escape lead out, and chords are the browser's.
function keepKeys(root) {
  root.dataset.lmSuppressShortcuts = "true";
  const keep = (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    if (!chord && event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
  };
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, keep);
}

