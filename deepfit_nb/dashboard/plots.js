// Front end of LivePlots (plots.py).

const PERIOD_MS = 120;
const ANSWER_TIMEOUT_MS = 2000;
const CONFIG = { displayModeBar: false, responsive: true, staticPlot: true };

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class Plots {
  constructor(model) {
    this.model = model;
    this.rows = []; // Float32Array each: time, angles, probabilities
    this.last = 0;
    this.clears = 0;
    this.angleDiv = element("div", "df-plot");
    this.barDiv = element("div", "df-plot");
    this.chips = element("div", "df-chips", { role: "group", ariaLabel: "Joints to plot" });
    this.shown = new Set(model.get("shown"));
    model.on("change:shown", () => {
      this.shown = new Set(model.get("shown"));
      this.paintChips();
      this.draw();
    });
    model.on("change:live", () => this.follow());
    model.on("msg:custom", (content, buffers) => content.kind === "rows" && this.receive(content, buffers[0]));
    this.paintChips();
    this.ready = plotly(model).then((library) => this.begin(library));
    this.follow();
  }

  async begin(library) {
    this.plotly = library;
    const copy = (name) => structuredClone(this.model.get(name));
    const [angles, bars] = [copy("angle_figure"), copy("probability_figure")];
    await library.newPlot(this.angleDiv, angles.data, angles.layout, CONFIG);
    await library.newPlot(this.barDiv, bars.data, bars.layout, CONFIG);
    this.idleColour = bars.data[0].marker.color;
    this.draw();
  }

  // Ask for rows as long as frames come, and once more after the last.
  async follow() {
    if (this.following) return;
    this.following = true;
    await this.ready;
    try {
      do {
        await this.pull();
        await wait(PERIOD_MS);
      } while (this.model.get("live"));
      await this.pull();
    } catch {
      return; // there is no kernel to ask any more; the stage says so
    }
    this.following = false;
    if (this.model.get("live")) this.follow();
  }

  pull() {
    return new Promise((done) => {
      this.answered = done;
      this.model.send({ kind: "pull", after: this.last });
      setTimeout(done, ANSWER_TIMEOUT_MS);
    });
  }

  receive({ last, clears }, view) {
    const width = 1 + this.model.get("angles").length + this.model.get("probability_figure").data[0].x.length;
    if (clears !== this.clears) this.rows = [];
    this.clears = clears;
    const values = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    const count = values.length / width;
    // Another page of the same kernel may have asked for more than is missing here.
    for (let i = Math.max(0, count - (last - this.last)); i < count; i++) this.rows.push(values.subarray(i * width, (i + 1) * width));
    this.last = last;
    const oldest = (this.rows.at(-1)?.[0] ?? 0) - this.model.get("window_s");
    while (this.rows.length && this.rows[0][0] < oldest) this.rows.shift();
    if (count || !this.rows.length) this.draw();
    this.answered?.();
  }

  draw() {
    if (!this.plotly) return;
    const { rows } = this;
    const newest = rows.at(-1);
    const angles = this.model.get("angles");
    const x = Float32Array.from(rows, (row) => row[0] - newest[0]);
    const visible = angles.map((angle) => this.shown.has(angle.replace(/_(left|right)$/, "")));
    this.plotly.restyle(this.angleDiv, {
      x: angles.map((_, i) => (visible[i] ? x : [])),
      y: angles.map((_, i) => (visible[i] ? Float32Array.from(rows, (row) => row[1 + i]) : [])),
      visible,
    });
    const probabilities = newest ? [...newest.subarray(1 + angles.length)] : this.model.get("probability_figure").data[0].x;
    const top = newest ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    const colours = probabilities.map((_, i) => (i === top ? this.model.get("accent") : this.idleColour));
    this.plotly.restyle(this.barDiv, { x: [probabilities], "marker.color": [colours] });
    this.angleDiv.dataset.rows = this.last;
  }

  paintChips() {
    this.chips.replaceChildren(
      ...this.model.get("joints").map(({ id, title, colour }) => {
        const pressed = this.shown.has(id);
        const chip = element("button", "df-chip", { textContent: title, ariaPressed: String(pressed), type: "button" });
        chip.style.setProperty("--df-chip", colour);
        chip.onclick = () => {
          pressed ? this.shown.delete(id) : this.shown.add(id);
          this.paintChips();
          this.draw();
        };
        return chip;
      }),
    );
  }

  resize() {
    for (const div of [this.angleDiv, this.barDiv]) if (div.offsetParent) this.plotly?.Plots.resize(div);
  }
}

const card = (className, title, ...children) =>
  element("section", `df-card ${className}`, {}, element("header", "df-card-head", {}, element("h2", "", { textContent: title }), ...children.slice(0, -1)), children.at(-1));

export default () => {
  let plots;
  return liveWidget({
    initialize({ model }) {
      plots = new Plots(model);
    },
    render({ el }) {
      el.classList.add("df-plots");
      el.append(
        card("df-angles", "Joint angles", element("span", "df-note", { textContent: "left solid, right dotted" }), plots.chips, plots.angleDiv),
        card("df-probabilities", "What it looks like", plots.barDiv),
      );
      const observer = new ResizeObserver(() => plots.resize());
      observer.observe(el);
      return () => observer.disconnect();
    },
  });
};
