// Review: the sets, their reps and faults, each of which leads to its moment.

const FROM = { side: "seen from the side", front: "seen from the front", oblique: "seen at an angle", behind: "seen from behind" };

class SetsCard {
  // `goTo(time)` shows that moment.
  constructor(goTo) {
    this.goTo = goTo;
    this.list = element("div", "df-reviewed-sets");
    this.node = card("df-sets-card", "Sets and reps", this.list);
  }

  begin({ sets, detected }) {
    const rows = sets.flatMap(({ title, count, view, reps }) => [
      element("div", "df-set-name", {}, text("", title, "strong"), [` ${count} ${count === 1 ? "rep" : "reps"}`, FROM[view]].filter(Boolean).join(", ")),
      ...reps.map((rep) => this.row(rep)),
    ]);
    this.list.replaceChildren(...(rows.length ? rows : [text("df-none", detected ? "No exercise was recognised." : "Nobody was seen.")]));
  }

  row(rep) {
    const row = element("button", "df-rep", { type: "button", title: "Go to this rep", onclick: () => this.goTo(rep.start_s) },
      text("df-rep-number", rep.partial ? "½" : rep.number, "span"),
      text("", `${rep.start_s.toFixed(1)} s`, "span"), text("", rep.rom_deg === null ? "–" : `${Math.round(rep.rom_deg)}° range`, "span"),
      element("span", "df-rep-faults", {}, ...(rep.faults.length
        ? rep.faults.map((fault) => element("span", "df-fault", { textContent: fault.title, title: `${fault.measured}: go to the moment`,
            onclick: (event) => { event.stopPropagation(); this.goTo(fault.at_s); } }))
        : [text("df-clean", rep.partial ? "partial" : "clean", "span")])));
    Object.assign(row.dataset, { start: rep.start_s, end: rep.end_s });
    return row;
  }

  // Mark the rep of that moment. A frame's time may lie a rounding error before the border that it is: it belongs to one
  // rep, the later one.
  mark(time) {
    const now = time + 0.002;
    for (const item of this.list.querySelectorAll("[data-start]"))
      item.classList.toggle("df-current", now >= item.dataset.start && now < item.dataset.end);
  }
}
