// A page that was opened before its run began shows the log as soon as there is one.
document.addEventListener("kumo:placed", () => {
  const attempts = Number(document.querySelector("[data-attempts]")?.dataset.attempts);
  if (attempts && document.querySelector("[data-waits-for-log]")) location.reload();
});
