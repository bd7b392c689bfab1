// Short messages in the corner that go by themselves.
const SHOWN_FOR = 6000; // ms

export function toast(text, kind = "info") {
  const place = document.querySelector(".k-toasts");
  if (!place) return;
  const message = document.createElement("div");
  message.className = `k-toast ${kind}`;
  message.textContent = text;
  place.append(message);
  setTimeout(() => message.remove(), SHOWN_FOR);
}

document.addEventListener("kumo:toast", (event) => toast(event.detail.text, event.detail.kind));
