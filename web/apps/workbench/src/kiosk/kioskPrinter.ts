/** The printer of the machine, through the browser: a hidden frame holds the PDF until the next one. */

const LOAD_MS = 8_000;
let frame: HTMLIFrameElement | null = null;

/** Hands a PDF to the printer so many times. Browsers do not say what came out: people are asked. */
export async function printPdf(pdf: Blob, copies: number): Promise<void> {
  clearPrinter();
  const made = document.createElement("iframe");
  frame = made;
  made.title = "";
  made.setAttribute("aria-hidden", "true");
  made.style.cssText = "position: fixed; right: 0; bottom: 0; width: 1px; height: 1px; border: 0; opacity: 0";
  const url = URL.createObjectURL(pdf);
  made.dataset.url = url;
  await new Promise<void>((resolve) => {
    const late = window.setTimeout(resolve, LOAD_MS);
    made.onload = () => {
      window.clearTimeout(late);
      resolve();
    };
    made.src = url;
    document.body.append(made);
  });
  for (let copy = 0; copy < copies; copy += 1) made.contentWindow?.print();
}

/** Nothing of what was printed stays in the machine's memory. */
export function clearPrinter(): void {
  if (frame?.dataset.url) URL.revokeObjectURL(frame.dataset.url);
  frame?.remove();
  frame = null;
}
