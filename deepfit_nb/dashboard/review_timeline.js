// Review: the angles over time, with a cursor at the frame that is shown.

const HEIGHT_PX = 320;
const LEGEND = { row: 19, entry: 124, font: { size: 11 } }; // where the page is narrow; sizes in pixels
const TIMES_PX = 40; // the axis below the plot

class Timeline {
  // `goTo(time)` shows that moment.
  constructor(model, goTo) {
    this.goTo = goTo;
    this.clips = 0;
    this.plot = element("div", "df-timeline-plot");
    this.cursor = element("div", "df-cursor");
    this.node = card("df-timeline", "Angles over time", element("div", "df-timeline-stage", {}, this.plot, this.cursor));
    plotly(model).then((library) => { this.plotly = library; this.draw(); });
    // Plotly refuses, with an error, where the plot is not displayed, as while its cell is being deleted or hidden.
    this.resizing = new ResizeObserver(() => {
      if (!this.plot.data || !this.plot.offsetParent) return;
      if (this.legendRows() === this.rows) this.plotly.Plots.resize(this.plot);
      else this.draw();
    });
    this.resizing.observe(this.plot);
  }

  begin({ figure }) {
    this.figure = figure;
    this.clips += 1;
    this.draw();
  }

  close() {
    this.resizing.disconnect();
  }

  // Rows of the legend below the plot; at least the two for which the figure has room.
  legendRows() {
    const { l, r } = this.figure.layout.margin;
    const columns = Math.max(1, Math.floor((this.plot.clientWidth - l - r) / LEGEND.entry));
    return Math.max(2, Math.ceil(this.figure.data.length / columns));
  }

  async draw() {
    if (!this.plotly || !this.figure) return;
    const { data, layout } = structuredClone(this.figure);
    this.rows = this.legendRows();
    layout.uirevision = this.clips; // what was zoomed or hidden stays so, unless it is another clip
    layout.height = HEIGHT_PX;
    if (this.rows > 2) {
      const below = TIMES_PX + LEGEND.row * this.rows;
      layout.height += below - layout.margin.b;
      layout.margin.b = below;
      Object.assign(layout.legend, { font: LEGEND.font, maxheight: below });
    }
    this.plot.style.height = `${layout.height}px`; // Plotly asks for it when the width changes
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
