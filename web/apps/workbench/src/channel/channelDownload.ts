import { readFile } from "../platform/platformFile";

/** Fetches a file as the officer who is signed in, and hands it to the browser to keep. */
export async function keepFile(path: string, name: string): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await readFile(path));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
