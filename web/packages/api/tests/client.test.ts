import { describe, expect, expectTypeOf, it } from "vitest";
import {
  address,
  ApiError,
  createClient,
  renewing,
  type HttpRequest,
  type HttpResponse,
  type Schemas,
  type Transport,
} from "../src";

function answering(status: number, body: unknown): { sent: HttpRequest[]; transport: Transport } {
  const sent: HttpRequest[] = [];
  const transport: Transport = (request) => {
    sent.push(request);
    return Promise.resolve({ status, body: typeof body === "string" ? body : JSON.stringify(body), headers: {} });
  };
  return { sent, transport };
}

describe("address", () => {
  it("fills names and leaves out what is absent", () => {
    expect(address("/a/{id}/b", { id: "x/y" }, { q: "张 三", cursor: undefined, sort: null, limit: 20 })).toBe(
      "/a/x%2Fy/b?q=%E5%BC%A0%20%E4%B8%89&limit=20",
    );
  });

  it("refuses a path with a name missing", () => {
    expect(() => address("/a/{id}")).toThrow("needs path.id");
  });
});

describe("call", () => {
  it("sends method, address, headers and JSON, and reads the answer", async () => {
    const { sent, transport } = answering(200, { order_no: "P1" });
    const client = createClient({ base: "https://x", transport, headers: () => ({ "X-Channel": "h5" }) });
    const order = await client.call("post", "/api/payment/orders", {
      body: { return_id: "0190f0b0-0000-7000-8000-000000000001" },
      headers: { "Idempotency-Key": "k" },
    });
    expectTypeOf(order).toEqualTypeOf<Schemas["OrderOut"]>();
    expect(order.order_no).toBe("P1");
    expect(sent[0]).toMatchObject({ method: "POST", url: "https://x/api/payment/orders" });
    expect(sent[0]?.headers).toMatchObject({
      "X-Channel": "h5",
      "Idempotency-Key": "k",
      "Content-Type": "application/json",
    });
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ return_id: "0190f0b0-0000-7000-8000-000000000001" });
  });

  it("types the path, the query and the body from the document", () => {
    const { transport } = answering(200, {});
    const { call } = createClient({ base: "", transport });
    // @ts-expect-error no such path
    void call("get", "/api/nothing").catch(() => 0);
    // @ts-expect-error the path needs its name
    void call("get", "/api/filing/drafts/{draft_id}").catch(() => 0);
    // @ts-expect-error an order needs return_id
    void call("post", "/api/payment/orders", { body: {} }).catch(() => 0);
    void call("get", "/api/filing/home").catch(() => 0);
  });

  it("turns a refusal into ApiError with its words", async () => {
    const problem = { code: "filing.period_closed", text: "已截止", hint: "逾期申报", fields: { a: 1 }, trace_id: "t" };
    const client = createClient({ base: "", transport: answering(409, problem).transport });
    const error = await client.call("get", "/api/filing/home").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 409, problem, isOffline: false });
  });

  it("survives a proxy page instead of a problem", async () => {
    const client = createClient({ base: "", transport: answering(502, "<html>Bad gateway</html>").transport });
    await expect(client.call("get", "/api/filing/home")).rejects.toMatchObject({
      status: 502,
      problem: { code: "http.502" },
    });
  });

  it("says offline when no answer came", async () => {
    const client = createClient({ base: "", transport: () => Promise.reject(new TypeError("failed to fetch")) });
    await expect(client.call("get", "/api/filing/home")).rejects.toMatchObject({ status: 0, isOffline: true });
  });

  it("hands an upload to the transport without a content type", async () => {
    const { sent, transport } = answering(202, { import_id: "i" });
    const client = createClient({ base: "", transport });
    await client.upload("/api/invoice/imports", {
      file: "wxfile://a.csv",
      fileName: "a.csv",
      fields: { kind: "shop_csv" },
    });
    expect(sent[0]?.upload).toEqual({
      file: "wxfile://a.csv",
      fileName: "a.csv",
      partName: "file",
      fields: { kind: "shop_csv" },
    });
    expect(sent[0]?.headers["Content-Type"]).toBeUndefined();
  });
});

describe("renewing", () => {
  function setting(renewed: boolean) {
    let token: string | null = "old";
    let renewals = 0;
    const seen: string[] = [];
    const server: Transport = (request): Promise<HttpResponse> => {
      const given = request.headers.Authorization ?? "";
      seen.push(given);
      return Promise.resolve({ status: given === "Bearer new" ? 200 : 401, body: "{}", headers: {} });
    };
    const renew = async () => {
      renewals += 1;
      await new Promise((wake) => setTimeout(wake, 5));
      token = renewed ? "new" : null;
      return renewed;
    };
    const transport = renewing(server, { accessToken: () => token, renew, isPublic: (url) => url.includes("refresh") });
    return { transport, seen, count: () => renewals };
  }
  const request: HttpRequest = { method: "GET", url: "/api/x", headers: {} };

  it("renews once for many requests and sends each again", async () => {
    const { transport, count } = setting(true);
    const answers = await Promise.all([transport(request), transport(request), transport(request)]);
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(count()).toBe(1);
  });

  it("gives the 401 back when the session is over, without a second try", async () => {
    const { transport, seen, count } = setting(false);
    expect((await transport(request)).status).toBe(401);
    expect(count()).toBe(1);
    expect(seen).toEqual(["Bearer old"]);
  });

  it("never renews for signing in", async () => {
    const { transport, seen, count } = setting(true);
    await transport({ ...request, url: "/api/identity/sessions/refresh" });
    expect(seen).toEqual([""]);
    expect(count()).toBe(0);
  });
});
