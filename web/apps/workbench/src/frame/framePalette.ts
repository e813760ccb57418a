import { computed, ref, watch, type ComputedRef, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";
import type { Schemas } from "@palmtax/api";
import { density, language, theme } from "../look/lookPreferences";
import { t } from "../look/lookWords";
import { call } from "../platform/platformClient";
import { may } from "../platform/platformSession";
import { closeOverlay, openOverlay } from "./frameOverlay";
import { placesOf } from "./framePlaces";
import { signOut } from "./frameSignOut";

/** One line of the palette. */
export interface Command {
  key: string;
  label: string;
  note: string;
  hit?: Schemas["TaxpayerHit"];
  run: () => void;
}

const PATIENCE_MS = 160;
const MOST_HITS = 6;
const FILE_TABS = ["summary", "timeline", "returns", "drafts", "orders", "ledger"] as const;

/** What the palette offers for what was typed: commands by name, taxpayers by name, USCC or masked phone. */
export function usePalette(): { typed: Ref<string>; lines: ComputedRef<Command[]>; isSearching: Ref<boolean> } {
  const typed = ref("");
  const { hits, isSearching } = useHits(typed);
  const commands = useCommands();
  const lines = computed(() => {
    const wanted = typed.value.trim().toLowerCase();
    return [...hits.value, ...commands.value.filter((line) => line.label.toLowerCase().includes(wanted))];
  });
  return { typed, lines, isSearching };
}

function useHits(typed: Ref<string>) {
  const router = useRouter();
  const hits = ref<Command[]>([]);
  const isSearching = ref(false);
  let timer = 0;
  let turn = 0;

  async function search(q: string, mine: number): Promise<void> {
    const page = await call("get", "/api/cases/taxpayers", { query: { q, limit: MOST_HITS } }).catch(() => null);
    if (mine !== turn) return;
    isSearching.value = false;
    hits.value = (page?.hits ?? []).map((hit) => ({
      key: `taxpayer-${hit.taxpayer_id}`,
      label: hit.name,
      note: hit.uscc ?? hit.contact_phone_masked,
      hit,
      run: () => void router.push(`/taxpayers/${hit.taxpayer_id}`),
    }));
  }

  watch(typed, (text) => {
    window.clearTimeout(timer);
    const mine = ++turn;
    const q = text.trim();
    isSearching.value = q !== "";
    if (q === "") hits.value = [];
    else timer = window.setTimeout(() => void search(q, mine), PATIENCE_MS);
  });
  return { hits, isSearching };
}

function useCommands(): ComputedRef<Command[]> {
  const route = useRoute();
  const router = useRouter();
  const viewLine = (view: (typeof VIEWS)[number]): Command => {
    const query = view === "mine" ? {} : { view };
    const go = () => void router.push({ name: "tasks", query });
    return line(`view-${view}`, `${t("nav.tasks")} · ${t(`task.view_${view}`)}`, t("palette.tasks"), go);
  };
  return computed(() => {
    const id = route.params.id;
    const ofFile: Command[] = id
      ? FILE_TABS.map((tab) =>
          line(
            `tab-${tab}`,
            t(`file.${tab}`),
            t("palette.this_taxpayer"),
            () => void router.push({ name: tab, params: { id } }),
          ),
        )
      : [];
    const transfer = line(
      "transfer",
      t("file.transfer"),
      t("palette.this_taxpayer"),
      () => void router.push({ name: "transfer", params: { id } }),
    );
    return [
      ...(route.params.caseId ? OF_TASK.map(([key, word]) => line(`task-${key}`, t(word), key, () => press(key))) : []),
      ...ofFile,
      ...(id && may("payment.register_transfer") ? [transfer] : []),
      ...placesOf(may).map((place) => line(place.to, t(place.word), t("nav.label"), () => void router.push(place.to))),
      ...(may("cases.read") ? VIEWS.map((view) => viewLine(view)) : []),
      line(
        "language",
        t("palette.language"),
        t("palette.look"),
        () => (language.value = language.value === "zh" ? "en" : "zh"),
      ),
      line("light", t("palette.light"), t("palette.look"), () => (theme.value = "light")),
      line("dark", t("palette.dark"), t("palette.look"), () => (theme.value = "dark")),
      line(
        "density",
        t("palette.density"),
        t("palette.look"),
        () => (density.value = density.value === "calm" ? "dense" : "calm"),
      ),
      line("print", t("palette.print"), "", () => window.setTimeout(() => window.print())),
      line("keys", t("frame.shortcuts"), "?", () => window.setTimeout(() => openOverlay("shortcuts"))),
      line("hat", t("frame.change_hat"), "", () => void router.push({ name: "hats" })),
      line("out", t("frame.sign_out"), "", () => void signOut()),
    ];
  });
}

/** What can be done with an open task, by its key. */
const OF_TASK = [
  ["c", "keys.take"],
  ["e", "keys.decide"],
  ["d", "keys.refuse"],
  ["s", "keys.supplement"],
  ["m", "keys.note"],
  ["o", "keys.hand_over"],
  ["a", "keys.assign"],
  ["r", "keys.give_back"],
  ["n", "keys.next"],
] as const;

/** As if the key had been pressed, once the palette is gone. */
function press(key: string): void {
  window.setTimeout(() => window.dispatchEvent(new KeyboardEvent("keydown", { key })));
}

/** The views of tasks by name. */
const VIEWS = ["mine", "group", "all", "waiting", "closed"] as const;

function line(key: string, label: string, note: string, act: () => void): Command {
  return { key, label, note, run: act };
}

/** Runs a line; the palette closes first, so that whatever the line opens lies over nothing. */
export function runCommand(command: Command): void {
  closeOverlay();
  command.run();
}
