import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { placesOf } from "./frame/framePlaces";
import { me, may, officerHat } from "./platform/platformSession";

/** The pages, each fetched when it is first needed or when the browser has time. */
const pages = {
  summary: () => import("./taxpayer/TaxpayerSummary.vue"),
  timeline: () => import("./timeline/TimelinePage.vue"),
  returns: () => import("./return/ReturnList.vue"),
  return: () => import("./return/ReturnPage.vue"),
  drafts: () => import("./draft/DraftPage.vue"),
  orders: () => import("./order/OrderList.vue"),
  ledger: () => import("./ledger/LedgerPage.vue"),
  transfer: () => import("./transfer/TransferPage.vue"),
  taxpayer: () => import("./taxpayer/TaxpayerPage.vue"),
  search: () => import("./search/SearchPage.vue"),
  insight: () => import("./insight/InsightPage.vue"),
  insightNew: () => import("./insight/InsightNew.vue"),
  insightStudy: () => import("./insight/InsightStudy.vue"),
  lawDesk: () => import("./law-desk/LawDeskPage.vue"),
  lawChanges: () => import("./law-desk/LawDeskChanges.vue"),
  law: () => import("./law-desk/LawDeskLaw.vue"),
  lawParameter: () => import("./law-desk/LawDeskParameter.vue"),
  lawDraft: () => import("./law-desk/LawDeskDraft.vue"),
  lawChange: () => import("./law-desk/LawDeskChange.vue"),
  insightRow: () => import("./insight/InsightRow.vue"),
  tasks: () => import("./task/TaskPage.vue"),
  task: () => import("./case/CasePage.vue"),
  board: () => import("./board/BoardPage.vue"),
  process: () => import("./process/ProcessPage.vue"),
  hall: () => import("./hall/HallPage.vue"),
  channels: () => import("./channel/ChannelPage.vue"),
  channel: () => import("./channel/ChannelOne.vue"),
  campaigns: () => import("./campaign/CampaignPage.vue"),
  campaign: () => import("./campaign/CampaignOne.vue"),
  campaignEdit: () => import("./campaign/CampaignEdit.vue"),
  waiting: () => import("./waiting/WaitingPage.vue"),
  partners: () => import("./partner/PartnerPage.vue"),
  features: () => import("./feature/FeaturePage.vue"),
  deadLetters: () => import("./dead-letter/DeadLetterPage.vue"),
  hallWall: () => import("./hall/HallWall.vue"),
  kiosk: () => import("./kiosk/KioskPage.vue"),
};

const AHEAD_MS = 1500;

/** Fetches every page ahead, so that a lost network does not close the sections not yet opened. */
export function fetchPagesAhead(): void {
  const whenIdle = window.requestIdleCallback ?? ((work: () => void) => window.setTimeout(work, AHEAD_MS));
  whenIdle(() => void Promise.allSettled(Object.values(pages).map((page) => page())));
}

const ofTaxpayer: RouteRecordRaw[] = [
  { path: "", name: "summary", component: pages.summary },
  { path: "timeline", name: "timeline", component: pages.timeline },
  { path: "returns", name: "returns", component: pages.returns },
  { path: "returns/:returnId", name: "return", component: pages.return },
  { path: "drafts", name: "drafts", component: pages.drafts },
  { path: "orders", name: "orders", component: pages.orders },
  { path: "ledger", name: "ledger", component: pages.ledger },
  { path: "transfer", name: "transfer", component: pages.transfer },
];

const ofLawDesk: RouteRecordRaw[] = [
  { path: "", name: "law-desk", component: pages.lawChanges },
  { path: "laws/:code", name: "law", component: pages.law },
  { path: "numbers/:key", name: "law-parameter", component: pages.lawParameter },
  { path: "numbers/:key/new", name: "law-draft", component: pages.lawDraft },
  { path: "versions/:changeId", name: "law-change", component: pages.lawChange },
  { path: "versions/:changeId/edit", name: "law-edit", component: pages.lawDraft },
];

/** Where an officer begins: the first of the main places that the hat opens. */
function firstPlace(): string {
  return placesOf(may)[0]?.to ?? "/taxpayers";
}

/** Every address of the workbench, below /workbench/. */
export const router = createRouter({
  history: createWebHistory("/workbench/"),
  routes: [
    { path: "/", redirect: () => firstPlace() },
    { path: "/sign-in", name: "sign-in", component: () => import("./sign-in/SignInPage.vue"), meta: { open: true } },
    { path: "/enter/:chat(gov_wechat|wecom)", name: "enter", component: () => import("./enter/EnterPage.vue"), meta: { open: true } },
    { path: "/hats", name: "hats", component: () => import("./hat/HatPage.vue") },
    {
      path: "/taxpayers",
      name: "taxpayers",
      component: pages.search,
      children: [{ path: ":id(\\d+)", component: pages.taxpayer, children: ofTaxpayer }],
    },
    {
      path: "/tasks",
      name: "tasks",
      component: pages.tasks,
      children: [{ path: ":caseId([0-9a-f-]{36})", name: "task", component: pages.task }],
    },
    { path: "/board", name: "board", component: pages.board },
    { path: "/process", name: "process", component: pages.process },
    { path: "/hall", name: "hall", component: pages.hall },
    { path: "/partners", name: "partners", component: pages.partners },
    { path: "/features", name: "features", component: pages.features },
    { path: "/channels", name: "channels", component: pages.channels },
    { path: "/channels/:name([a-z][a-z0-9_]+)", name: "channel", component: pages.channel },
    { path: "/campaigns", name: "campaigns", component: pages.campaigns },
    { path: "/campaigns/new", name: "campaign-new", component: pages.campaignEdit },
    { path: "/campaigns/:campaignId([0-9a-f-]{36})", name: "campaign", component: pages.campaign },
    { path: "/campaigns/:campaignId([0-9a-f-]{36})/edit", name: "campaign-edit", component: pages.campaignEdit },
    { path: "/waiting", name: "waiting", component: pages.waiting },
    { path: "/dead-letters", name: "dead-letters", component: pages.deadLetters },
    { path: "/hall/:office(\\d{11})/screen", name: "hall-wall", component: pages.hallWall, meta: { open: true } },
    { path: "/kiosk", name: "kiosk", component: pages.kiosk, meta: { open: true } },
    { path: "/law", component: pages.lawDesk, children: ofLawDesk },
    { path: "/insight", name: "insight", component: pages.insight },
    { path: "/insight/new", name: "insight-new", component: pages.insightNew },
    { path: "/insight/studies/:studyId", name: "insight-study", component: pages.insightStudy },
    { path: "/insight/studies/:studyId/:law/rows/:row(\\d+)", name: "insight-row", component: pages.insightRow },
    { path: "/:rest(.*)*", name: "lost", component: () => import("./frame/FrameLost.vue"), meta: { open: true } },
  ],
});

router.beforeEach((to) => {
  if (to.meta.open) return true;
  const query = to.redirectedFrom?.path === "/" || to.fullPath === "/taxpayers" ? {} : { next: to.fullPath };
  if (!me.value) return { name: "sign-in", query };
  if (!officerHat.value && to.name !== "hats") return { name: "hats", query };
  return true;
});

/** A page younger than this that fails to load a part would only fail again. */
const YOUNG_MS = 5000;

// A part that is gone from the server means a newer version stands there: go there by loading afresh.
router.onError((error: Error, to) => {
  const isPartMissing = /import|module|preload/i.test(error.message);
  if (isPartMissing && navigator.onLine && performance.now() > YOUNG_MS)
    window.location.assign(router.resolve(to).href);
});
