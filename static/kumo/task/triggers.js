/* Shows the fields of a trigger's kind, and what it means while it is being written. */

const FIELDS = {
  cron: ["cron", "time_zone", "starts_at", "ends_at", "jitter"],
  interval: ["every", "time_zone", "starts_at", "ends_at", "jitter"],
  date: ["at", "time_zone"],
  after: ["upstream", "result"],
};
const ALWAYS = ["kind", "is_enabled"];
const PAUSE = 300;

const group = document.querySelector(".k-triggers");
const waiting = new WeakMap();

function fields(form) {
  return [...form.querySelectorAll("[name]")].filter((field) => /-\d+-/.test(field.name));
}

function nameOf(field) {
  return field.name.replace(/^.*-\d+-/, "");
}

function follow(form) {
  const kind = form.querySelector("[name$='-kind']").value;
  for (const row of form.querySelectorAll(".form-row")) {
    const name = [...row.classList].find((each) => each.startsWith("field-"))?.slice(6);
    row.classList.toggle("k-off", !ALWAYS.includes(name) && !FIELDS[kind].includes(name));
  }
}

async function preview(form) {
  const query = new URLSearchParams();
  for (const field of fields(form)) {
    if (field.type !== "checkbox" || field.checked) query.set(nameOf(field), field.value);
  }
  const place = form.querySelector(".k-preview");
  const answer = await fetch(`${group.dataset.previewUrl}?${query}`);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
}

function later(form) {
  clearTimeout(waiting.get(form));
  waiting.set(
    form,
    setTimeout(() => preview(form), PAUSE),
  );
}

function begin(form) {
  if (form.classList.contains("empty-form")) return;
  follow(form);
  later(form);
}

if (group) {
  group.querySelectorAll(".inline-related").forEach(begin);
  group.addEventListener("input", (event) => {
    const form = event.target.closest(".inline-related");
    if (!form) return;
    follow(form);
    later(form);
  });
  document.addEventListener("formset:added", (event) => begin(event.target));
}
