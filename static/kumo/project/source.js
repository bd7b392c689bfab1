/* Shows the fields of the chosen source only. */

const FIELDS = {
  archive: ["archive"],
  files: ["file_name", "content"],
  git: ["git_url", "git_ref"],
};

const form = document.querySelector(".k-source");

function follow() {
  const chosen = form.querySelector("[name=kind]:checked")?.value;
  for (const [kind, names] of Object.entries(FIELDS)) {
    for (const name of names) {
      form.querySelector(`[name=${name}]`).closest("div").hidden = kind !== chosen;
    }
  }
}

if (form) {
  form.addEventListener("change", follow);
  follow();
}
