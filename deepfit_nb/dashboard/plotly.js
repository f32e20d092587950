// Shared by the front ends that draw with Plotly (plotly_widget.py), in front of their own module.

const LIBRARY = Symbol.for("deepfit.plotly");

// Plotly, sent by the kernel once for all plots of a page. It is a script for everything from browsers to bundlers; as
// an ES module it must see no loader but its own `module`.
function plotly(model) {
  globalThis[LIBRARY] ??= new Promise((resolve, reject) => {
    const ask = setInterval(() => model.send({ kind: "library" }), 5000);
    model.send({ kind: "library" });
    model.on("msg:custom", async function receive(content, buffers) {
      if (content.kind !== "library") return;
      model.off("msg:custom", receive);
      clearInterval(ask);
      const parts = ["const module = { exports: {} }, exports = module.exports; let define;\n", buffers[0], "\nexport default module.exports;"];
      const url = URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
      import(url).then((loaded) => resolve(loaded.default), reject).finally(() => URL.revokeObjectURL(url));
    });
  });
  return globalThis[LIBRARY];
}
