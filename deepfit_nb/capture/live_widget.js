// Shared by all front ends of LiveWidget (live_widget.py), in front of their own module.

// anywidget waits two seconds for a model's module and then rejects a promise that every later message awaits: the model
// stays deaf. Here the module runs, so messages are handed straight to ipywidgets' own handler, and the kernel is asked
// to send the state again.
async function takeOverMessages(model) {
  const self = await model.widget_manager.get_model(model.get("_reference"));
  let prototype = Object.getPrototypeOf(self);
  while (!Object.hasOwn(prototype, "_handle_comm_msg")) prototype = Object.getPrototypeOf(prototype);
  const handle = Object.getPrototypeOf(prototype)._handle_comm_msg;
  self.comm.on_msg((message) => handle.call(self, message));
  model.send({ kind: "hello" });
}

// A widget definition for anywidget; `initialize` must not wait for anything.
function liveWidget({ initialize, render }) {
  return {
    initialize(context) {
      const cleanUp = initialize(context);
      takeOverMessages(context.model);
      return cleanUp;
    },
    render,
  };
}

// A DOM element: element("button", "df-retry", { textContent: "Try again" }, child, ...).
function element(tag, className = "", properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), { className }, properties);
  node.append(...children);
  return node;
}
