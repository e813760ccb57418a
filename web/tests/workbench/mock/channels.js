/** Monitoring of the mock: three channels, one of them down, a day of figures, journeys, budgets, an alert, notices. */
import { randomUUID } from "node:crypto";

const MINUTE = 60_000;
const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();
const NAMES = {
  wechat_oa: ["微信公众号", "WeChat official account", "wechat"],
  sms: ["短信（腾讯云）", "Text messages (Tencent Cloud)", "sms"],
  email: ["电子邮件", "E-mail", "email"],
};
const sums = (handed, refused, faults, more = {}) => ({
  ...{ handed, refused, faults, callbacks: handed, late_callbacks: 0, p50: 42, p95: 180, p99: 460 },
  ...{ waited_p99: 1900, cost_fen: 0, ...more },
});

function channel(name, more = {}) {
  const [title, title_en, way] = NAMES[name];
  return {
    ...{ name, title, title_en, way, transport: name, light: "green", say: "正常", say_en: "all is well" },
    ...{ since: ago(300), is_on: true, is_open: true, weight: 100, version: 3, handed: 120, failed: 2 },
    ...{ average_milliseconds: 60, slowest_milliseconds: 900, troubles: [], switches: [], fallback: ["sms"] },
    ...{ refused: [], ...more },
  };
}

function points(count, spanMinutes) {
  return Array.from({ length: count }, (_, at) => ({
    at: ago((count - at) * spanMinutes),
    handed: at === 9 ? 900 : 120 + ((at * 37) % 60),
    failed: at === 15 ? 80 : at % 6 === 0 ? 3 : 0,
    mark: at === 9 ? "more" : at === 15 ? "failing" : "",
    middle: at === 9 ? 150 : at === 15 ? 2 : null,
  }));
}

function journeys(isDown) {
  return Array.from({ length: 200 }, (_, at) => {
    const isBad = isDown && at > 196;
    const account = { name: "account", code: isBad ? "40125" : "", milliseconds: 90 };
    const steps = [{ name: "callback", code: "", milliseconds: 24 }, account];
    if (!isBad) steps.push({ name: "message", code: "not_set_up", milliseconds: 0 });
    return { began_at: ago((200 - at) * 7), is_good: !isBad, milliseconds: 114, steps };
  });
}

const burn = (long_minutes, short_minutes, limit_tenths, tenths) => ({
  ...{ long_minutes, short_minutes, limit_tenths, long_tenths: tenths, short_tenths: tenths },
  is_burning: tenths >= limit_tenths,
});
const budget = (name, code, title, title_en, good, left_per_mille, tenths) => ({
  ...{ channel: name, code, title, title_en, target: 9990, good, total: 10_000, left_per_mille },
  burns: [burn(60, 5, 144, tenths), burn(360, 30, 60, tenths), burn(4320, 360, 10, tenths)],
});

/** Routes of 渠道监控; the state lives as long as the mock. */
export function channelRoutes({ may, refuse }) {
  const alerts = [
    {
      ...{ alert_id: randomUUID(), kind: "red", subject: "wechat_oa", title: NAMES.wechat_oa[0] },
      ...{ title_en: NAMES.wechat_oa[1], level: "page", say: "公众号密钥无效", say_en: "the app secret is not valid" },
      ...{ opened_at: ago(6), closed_at: null, acknowledged_by: null, acknowledged_at: null },
    },
    {
      ...{ alert_id: randomUUID(), kind: "queue", subject: "sms", title: "消息", title_en: "Messages", level: "page" },
      ...{ say: "40 条消息在等，最久的等了 7 分钟", say_en: "40 messages wait, the oldest for 7 minutes" },
      ...{ opened_at: ago(600), closed_at: ago(580), acknowledged_by: "陆*远", acknowledged_at: ago(595) },
    },
  ];
  const incidents = [];
  const list = [
    channel("wechat_oa", { light: "red", say: "公众号密钥无效", say_en: "the app secret is not valid", since: ago(6) }),
    channel("sms"),
    channel("email", { fallback: [] }),
  ];
  const overview = (_, { query, session }) => {
    may(session, "channels.read");
    const wide = query.get("period") === "month" ? 30 : 1;
    return {
      period: query.get("period") ?? "hour",
      since: ago(60),
      channels: [
        { channel: "wechat_oa", now: sums(900 * wide, 12, 40), before: sums(880 * wide, 10, 1) },
        {
          channel: "sms",
          now: sums(300 * wide, 4, 2, { cost_fen: 1350 * wide }),
          before: sums(420 * wide, 4, 2, { cost_fen: 1890 }),
        },
        { channel: "email", now: sums(80, 0, 0), before: sums(0, 0, 0, { p95: null, waited_p99: null }) },
      ],
      funnel: [
        { channel: "wechat_oa", told: 1000, handed: 940, delivered: 900, read: 610, acted: 200, lost: 12 },
        { channel: "sms", told: 310, handed: 306, delivered: 300, read: 0, acted: 0, lost: 4 },
      ],
      waiting: [{ way: "sms", count: 6, oldest_seconds: 42 }],
      standings: [{ channel: "wechat_oa", token_seconds_left: 0, quota_left: 99_048, quota: 100_000 }],
      dead_letters: 2,
    };
  };
  const figures = (match, { query, session }) => {
    may(session, "channels.read");
    const part = (code, title, title_en) => ({ code, title, title_en, sums: sums(500, 3, 20) });
    const matter = query.get("matter");
    return {
      ...{ period: query.get("period"), since: ago(1440), now: sums(900, 12, 40), before: sums(880, 10, 1) },
      ...{ points: points(24, 60), has_history: true },
      matters: [
        part("FPBL-002", "增值税发票总额度调整", "Change of the invoice quota"),
        part("sign_in", "登录提醒", "Sign-in"),
      ].filter((one) => !matter || one.code === matter),
      offices: [part("14401060000", "云汀市临湖区税务局", "云汀市临湖区税务局")],
      codes:
        match[1] === "wechat_oa"
          ? [
              {
                outcome: "dead",
                code: "40125",
                say: "公众号密钥无效",
                say_en: "the app secret is not valid",
                means: "channel",
                count: 40,
                last_at: ago(1),
              },
              {
                outcome: "refused",
                code: "43004",
                say: "用户没有关注",
                say_en: "the person does not follow the account",
                means: "address",
                count: 12,
                last_at: ago(9),
              },
            ]
          : [],
    };
  };
  function open(_, { body, session }) {
    may(session, "channels.switch");
    const { window, text, text_en, ...rest } = body;
    const kind = window ? "maintenance" : "incident";
    if (window && window.ends_at <= window.starts_at)
      refuse(422, "channels.times_wrong", "维护的结束时间要晚于开始时间，也要晚于现在");
    const notes = [{ state: "open", text, text_en, said_at: ago(0) }];
    const times = { starts_at: window?.starts_at ?? ago(0), ends_at: window?.ends_at ?? null };
    incidents.unshift({ incident_id: randomUUID(), kind, ...rest, ...times, state: "open", version: 1, notes });
    return { incident_id: incidents[0].incident_id };
  }
  function say(match, { body, session }) {
    may(session, "channels.switch");
    const one = incidents.find((found) => found.incident_id === match[1]);
    if (one.version !== body.version) refuse(409, "channels.incident_moved", "这条公告刚刚被别人更新过");
    const { state, text, text_en } = body;
    const ends_at = state === "closed" ? ago(0) : one.ends_at;
    return Object.assign(one, {
      state,
      ends_at,
      version: one.version + 1,
      notes: [{ state, text, text_en, said_at: ago(0) }, ...one.notes],
    });
  }
  function acknowledge(match, { session }) {
    may(session, "channels.switch");
    const one = alerts.find((found) => found.alert_id === match[1]);
    if (!one.acknowledged_at) Object.assign(one, { acknowledged_by: "苏*晴", acknowledged_at: ago(0) });
    return one;
  }
  const sheet = { bytes: Buffer.from("渠道,名称\r\n"), type: "text/csv" };
  const budgets = [
    budget("wechat_oa", "handed_over", "交给平台成功", "Handed over to the platform", 9_840, -600, 320),
    budget("sms", "in_time", "10 秒内交出", "Handed over within 10 seconds", 9_997, 700, 3),
  ];
  const diff = [
    "--- channel.yaml",
    "+++ channel.yaml",
    "@@ -18,3 +18,3 @@",
    " order: 10",
    "-weight: 70",
    "+weight: 60",
  ];
  const sample = (number) => ({
    began_at: ago(number),
    milliseconds: 90,
    state: "refused",
    number,
    reference: `9f3c01a${number}`,
  });
  return [
    ["GET", /^\/api\/channels$/, () => ({ channels: list })],
    ["GET", /^\/api\/channels\/figures$/, overview],
    ["GET", /^\/api\/channels\/figures\/export$/, () => sheet],
    [
      "GET",
      /^\/api\/channels\/entries$/,
      () => [{ entry: "miniprogram", begun: 40, handed_in: 31, decided: 22, approved: 20, rated: 9, stars_tenths: 46 }],
    ],
    [
      "GET",
      /^\/api\/channels\/journeys$/,
      () => ({
        subjects: [
          {
            subject: "service:h5",
            title: "网页与登录",
            title_en: "Web pages and signing in",
            every_seconds: 300,
            journeys: journeys(false),
          },
          {
            subject: "wechat_oa",
            title: NAMES.wechat_oa[0],
            title_en: NAMES.wechat_oa[1],
            every_seconds: 300,
            journeys: journeys(true),
          },
          { subject: "email", title: NAMES.email[0], title_en: NAMES.email[1], every_seconds: 300, journeys: [] },
        ],
      }),
    ],
    ["GET", /^\/api\/channels\/budgets$/, () => ({ period_days: 30, budgets })],
    ["GET", /^\/api\/channels\/alerts$/, () => ({ alerts })],
    ["POST", /^\/api\/channels\/alerts\/([0-9a-f-]+)\/acknowledgement$/, acknowledge],
    [
      "GET",
      /^\/api\/channels\/incidents$/,
      () => ({
        incidents,
        choices: [
          { code: "messages", title: "消息", title_en: "Messages" },
          { code: "sms", title: NAMES.sms[0], title_en: NAMES.sms[1] },
        ],
      }),
    ],
    ["POST", /^\/api\/channels\/incidents$/, open],
    ["POST", /^\/api\/channels\/incidents\/([0-9a-f-]+)\/notes$/, say],
    ["GET", /^\/api\/channels\/([a-z0-9_]+)\/figures$/, figures],
    ["GET", /^\/api\/channels\/[a-z0-9_]+\/samples$/, () => [sample(1), sample(2)]],
    ["GET", /^\/api\/channels\/[a-z0-9_]+\/rollback$/, () => ({ version: 2, lines: diff })],
    ["POST", /^\/api\/channels\/[a-z0-9_]+\/rollback$/, () => ({ version: 4 })],
  ];
}
