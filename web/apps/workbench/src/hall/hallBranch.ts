/** How the codes of an office and of all below it begin: levels are pairs of digits, 00 where a level is not used. */
export function branchOf(code: string): string {
  let levels = code.slice(1);
  while (levels.endsWith("00") && levels.length % 2 === 0) levels = levels.slice(0, -2);
  return code.slice(0, 1) + levels;
}
