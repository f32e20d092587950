// Review: elements that its parts are made of.

const text = (className, textContent = "", tag = "div") => element(tag, className, { textContent });
const option = (value, label) => element("option", "", { value, textContent: label });
const card = (className, title, ...children) =>
  element("section", `df-card ${className}`, {}, element("header", "df-card-head", {}, text("", title, "h2")), ...children);
