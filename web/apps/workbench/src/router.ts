import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { me, officerHat } from "./platform/platformSession";

const ofTaxpayer: RouteRecordRaw[] = [
  { path: "", name: "summary", component: () => import("./taxpayer/TaxpayerSummary.vue") },
  { path: "timeline", name: "timeline", component: () => import("./timeline/TimelinePage.vue") },
  { path: "returns", name: "returns", component: () => import("./return/ReturnList.vue") },
  { path: "returns/:returnId", name: "return", component: () => import("./return/ReturnPage.vue") },
  { path: "drafts", name: "drafts", component: () => import("./draft/DraftPage.vue") },
  { path: "orders", name: "orders", component: () => import("./order/OrderList.vue") },
  { path: "ledger", name: "ledger", component: () => import("./ledger/LedgerPage.vue") },
  { path: "transfer", name: "transfer", component: () => import("./transfer/TransferPage.vue") },
];

/** Every address of the workbench, below /workbench/. */
export const router = createRouter({
  history: createWebHistory("/workbench/"),
  routes: [
    { path: "/", redirect: "/taxpayers" },
    { path: "/sign-in", name: "sign-in", component: () => import("./sign-in/SignInPage.vue"), meta: { open: true } },
    { path: "/hats", name: "hats", component: () => import("./hat/HatPage.vue") },
    {
      path: "/taxpayers",
      name: "taxpayers",
      component: () => import("./search/SearchPage.vue"),
      children: [{ path: ":id(\\d+)", component: () => import("./taxpayer/TaxpayerPage.vue"), children: ofTaxpayer }],
    },
    { path: "/:rest(.*)*", name: "lost", component: () => import("./frame/FrameLost.vue"), meta: { open: true } },
  ],
});

router.beforeEach((to) => {
  if (to.meta.open) return true;
  if (!me.value) return { name: "sign-in", query: to.fullPath === "/taxpayers" ? {} : { next: to.fullPath } };
  if (!officerHat.value && to.name !== "hats") return { name: "hats", query: { next: to.fullPath } };
  return true;
});
