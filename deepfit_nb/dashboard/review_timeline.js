// Review: the angles over time, with a cursor at the frame that is shown.

class Timeline {
  // `goTo(time)` shows that moment.
  constructor(model, goTo) {
    this.goTo = goTo;
    this.plot = element("div", "df-timeline-plot");
    this.cursor = element("div", "df-cursor");
    this.node = card("df-timeline", "Angles over time", element("div", "df-timeline-stage", {}, this.plot, this.cursor));
    plotly(model).then((library) => { this.plotly = library; this.draw(); });
    // Plotly refuses, with an error, where the plot is not displayed, as while its cell is being deleted or hidden.
    this.resizing = new ResizeObserver(() => this.plot.data && this.plot.offsetParent && this.plotly.Plots.resize(this.plot));
    this.resizing.observe(this.plot);
  }

  begin({ figure }) {
    this.figure = figure;
    this.draw();
  }

  close() {
    this.resizing.disconnect();
  }

  async draw() {
    if (!this.plotly || !this.figure) return;
    const { data, layout } = structuredClone(this.figure);
    layout.height = 320;
    await this.plotly.react(this.plot, data, layout, { displayModeBar: false, responsive: true, scrollZoom: true });
    if (!this.drawn) {
      this.plot.on("plotly_click", ({ points }) => this.goTo(points[0].x));
      for (const event of ["relayout", "relayouting", "afterplot"]) this.plot.on(`plotly_${event}`, () => this.mark());
      this.drawn = true;
    }
    this.mark();
  }

  // The cursor lies over the plot: moving it costs nothing, while Plotly would draw all anew.
  mark(time = this.time) {
    this.time = time;
    const axis = this.plot._fullLayout?.xaxis;
    if (!axis || time === undefined) return;
    const x = axis.d2p(time);
    const { t, h } = this.plot._fullLayout._size;
    Object.assign(this.cursor.style, { left: `${axis._offset + x}px`, top: `${t}px`, height: `${h}px`, display: x >= 0 && x <= axis._length ? "" : "none" });
  }
}
