/** `npm run mocked -w @palmtax/workbench`: the workbench without a server of ours, for looking at screens. */
import { OFFICER_PHONE } from "./api.js";
import { startMock } from "./server.js";

const PORT = Number(process.env.PORT ?? 8099);
const { url } = await startMock({ port: PORT, hats: 2 });
console.log(`Workbench with invented data: ${url}/workbench/`);
console.log(`Sign in by phone ${OFFICER_PHONE} and code 123456, or POST ${url}/mock/confirm to confirm the QR code.`);
