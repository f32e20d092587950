// Review: the pictures of a clip.

const KEPT_FRAMES = 400;
const ANSWER_TIMEOUT_MS = 3000;

// Pictures of a clip by number: asks the kernel for one at a time, the latest that is wanted, and keeps what came.
class Pictures {
  constructor(model, send, show) {
    this.model = model;
    this.send = send;
    this.show = show;
    this.kept = new Map();
    model.on("msg:custom", (content, buffers) => content.kind === "frame" && this.receive(content, buffers?.[0]));
  }

  clear() {
    for (const url of this.kept.values()) URL.revokeObjectURL(url);
    this.kept.clear();
    clearTimeout(this.timer);
    this.asked = this.wanted = undefined;
  }

  want(index, skeleton) {
    const key = `${index} ${skeleton}`;
    if (this.kept.has(key)) {
      this.wanted = undefined;
      this.show(this.kept.get(key), index);
      return;
    }
    this.wanted = { index, skeleton, key };
    if (!this.asked) this.ask();
  }

  ask() {
    this.asked = this.wanted;
    if (!this.asked) return;
    const { index, skeleton } = this.asked;
    clearTimeout(this.timer);
    if (!this.send({ kind: "frame", opened: this.model.get("opened"), index, skeleton })) return;
    this.timer = setTimeout(() => this.ask(), ANSWER_TIMEOUT_MS);
  }

  // Without `bytes` where it cannot be had; the kernel says why.
  receive({ opened, index, skeleton }, bytes) {
    if (opened !== this.model.get("opened")) return;
    const key = `${index} ${skeleton}`;
    if (bytes && !this.kept.has(key)) this.kept.set(key, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
    if (this.kept.size > KEPT_FRAMES) {
      const [oldest, url] = this.kept.entries().next().value;
      this.kept.delete(oldest);
      URL.revokeObjectURL(url);
    }
    if (this.asked?.key !== key) return;
    clearTimeout(this.timer);
    if (this.kept.has(key)) this.show(this.kept.get(key), index);
    if (this.wanted?.key === key) this.wanted = undefined;
    this.ask();
  }
}
