/* What every phone page needs: elements without markup, calls, whose phone it is, a banner for what has just come. */
var phone = (function () {
  var find = function (id) { return document.getElementById(id); };
  var make = function (tag, given, inside) {
    var made = document.createElement(tag);
    Object.keys(given || {}).forEach(function (name) {
      if (name === "text") { made.textContent = given.text; }
      else if (name === "on") { made.onclick = given.on; }
      else if (given[name] !== false && given[name] !== undefined) { made.setAttribute(name, given[name] === true ? "" : given[name]); }
    });
    (inside || []).forEach(function (one) { if (one) { made.appendChild(one); } });
    return made;
  };
  var get = function (path) { return fetch(path, { cache: "no-store" }).then(function (answer) { return answer.json(); }); };
  var post = function (path, content) {
    return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) })
      .then(function (answer) { return answer.json(); });
  };
  /* Only addresses of the web are ever opened. */
  var isWeb = function (url) { return /^https?:\/\//.test(url || ""); };
  var open = function (url) { if (isWeb(url)) { window.open(url, "_blank", "noopener"); } };
  var minute = function (at) {
    return new Date(at * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  };
  /* `people` are ids, or pairs of id and name. */
  var whose = function (cookie, people, changed) {
    var named = people.map(function (one) { return typeof one === "string" ? [one, one] : [one[0], one[1] + "（" + one[0] + "）"]; });
    people = named.map(function (one) { return one[0]; });
    var choose = find("whose"), wanted = new URLSearchParams(location.search).get("who") || localStorage.getItem(cookie) || people[0] || "";
    choose.textContent = "";
    named.forEach(function (one) { choose.appendChild(make("option", { text: one[1], value: one[0] })); });
    if (people.indexOf(wanted) < 0) { wanted = people[0] || ""; }
    choose.value = wanted;
    var keep = function () {
      localStorage.setItem(cookie, choose.value);
      document.cookie = cookie + "=" + encodeURIComponent(choose.value) + ";path=/;SameSite=Lax";
      if (choose.value) { changed(choose.value); }
    };
    choose.onchange = keep;
    keep();
  };
  var seen = {}, timer = null;
  /* Shows what came since the last look; the first look only remembers. */
  var news = function (name, messages, tell) {
    var ours = messages.filter(function (one) { return one.is_ours; });
    var last = ours.length ? ours[ours.length - 1] : null, before = seen[name];
    seen[name] = last ? last.chat_id : 0;
    if (last && before !== undefined && last.chat_id > before) { banner(tell(last)); }
  };
  var banner = function (told) {
    var place = find("banner");
    place.textContent = "";
    place.appendChild(make("b", { text: told.title }));
    place.appendChild(make("span", { text: told.text }));
    place.onclick = function () { place.hidden = true; told.go(); };
    place.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(function () { place.hidden = true; }, 8000);
  };
  var draw = function (list, messages, card, empty) {
    var key = JSON.stringify(messages);
    if (list.dataset.key === key) { return; }
    list.dataset.key = key;
    list.textContent = "";
    var last = "";
    messages.forEach(function (one) {
      if (minute(one.at) !== last) { last = minute(one.at); list.appendChild(make("time", { text: last })); }
      list.appendChild(card(one));
    });
    if (!messages.length) { list.appendChild(make("p", { "class": "none", text: empty })); }
    list.scrollTop = list.scrollHeight;
  };
  /* Words with the links that WeChat shows in a text: <a href="…">…</a>, and nothing else of markup. */
  var words = function (place, text) {
    String(text).split(/(<a href="https?:\/\/[^"<>\s]+">[^<]*<\/a>)/).forEach(function (part) {
      var link = /^<a href="([^"]+)">([^<]*)<\/a>$/.exec(part);
      place.appendChild(link ? make("a", { href: link[1], target: "_blank", rel: "noopener", text: link[2] }) : document.createTextNode(part));
    });
    return place;
  };
  var bubble = function (one, text) {
    var place = make("div", { "class": "bubble " + (one.is_ours ? "theirs" : "mine") });
    if (one.is_ours) { words(place, text); } else { place.textContent = text; }
    return place;
  };
  var go = function (url, text) {
    return isWeb(url) ? make("a", { "class": "go", href: url, target: "_blank", rel: "noopener", text: text }) : null;
  };
  var every = function (look) {
    var again = function () { look().catch(function () {}).then(function () { setTimeout(again, 1000); }); };
    again();
  };
  return { find: find, make: make, get: get, post: post, open: open, whose: whose, news: news, draw: draw, bubble: bubble, go: go, every: every, isWeb: isWeb };
})();
