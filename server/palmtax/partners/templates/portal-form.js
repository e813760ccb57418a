"use strict";
/** What an application says of itself: asked when it is registered, and again when it is changed on trial. */
const linesOf = (text) => text.split(/\s+/).filter(Boolean);

function particulars(of, label, work) {
  const form = document.getElementById("particulars").content.querySelector("form").cloneNode(true);
  const told = form.querySelector(".told");
  form.querySelector("button").append(make("span", label[0]), make("span", label[1]));
  form.querySelectorAll("button span").forEach((one, at) => (one.lang = at ? "en" : "zh"));
  if (of) {
    form.querySelectorAll("[data-new]").forEach((one) => one.remove());
    for (const name of ["email", "purpose", "purpose_en"]) form.elements[name].value = of[name];
    for (const name of ["redirect_uris", "frame_origins"]) form.elements[name].value = of[name].join("\n");
    for (const box of form.querySelectorAll("[name=scopes]")) box.checked = of.scopes.includes(box.value);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(() => work(given(form)), event.submitter, told);
  });
  return form;
}

function given(form) {
  const all = new FormData(form);
  const scopes = all.getAll("scopes");
  if (!scopes.length) throw new Error(say("请至少选一项权限。", "Choose at least one scope."));
  const said = Object.fromEntries([...all].filter(([name]) => name !== "scopes"));
  if (said.uscc === "") said.uscc = null;
  return { ...said, redirect_uris: linesOf(said.redirect_uris), frame_origins: linesOf(said.frame_origins), scopes };
}

/** Changing what the officers have not looked at yet. */
function changing(own) {
  const form = particulars(own, ["保存修改", "Save"], async (changes) => {
    await ask("PUT", "", changes);
    await open();
    said.textContent = say("已保存。", "Saved.");
  });
  return make("details", "", make("summary", say("修改地址、权限和用途", "Change addresses, scopes and purpose")), form);
}

document.getElementById("register").append(
  particulars(null, ["登记应用", "Register"], async (whole) => {
    const made = await send("POST", "/oauth/register", { body: whole });
    key = { id: made.client_id, secret: made.client_secret };
    [entrance.elements.id.value, entrance.elements.secret.value] = [key.id, key.secret];
    document.getElementById("new").open = false;
    keep(say("应用编号和密钥。密钥只显示这一次，请现在保存：", "Client id and secret. The secret is shown this once; keep it now:"), key.id, key.secret);
    await open();
  }),
);
