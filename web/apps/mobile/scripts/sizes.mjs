/** Prints what the phone has to load: the mini program's packages, and the H5 build raw and compressed. Fails over the limit. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const MAIN_LIMIT = 1_500_000
const PACKAGES = ['filing', 'invoices', 'payment', 'certificates', 'account', 'calculators', 'matters', 'appointments', 'complaints']

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
const bytes = (files) => files.reduce((sum, file) => sum + statSync(file).size, 0)
const kb = (count) => `${(count / 1000).toFixed(1)} kB`

const mini = 'dist/build/mp-weixin'
if (existsSync(mini)) {
  const all = filesBelow(mini)
  const parts = PACKAGES.map((name) => [name, bytes(all.filter((file) => file.startsWith(join(mini, name) + '/')))])
  const main = bytes(all) - parts.reduce((sum, [, size]) => sum + size, 0)
  console.log(`mini program: main ${kb(main)}, ${parts.map(([name, size]) => `${name} ${kb(size)}`).join(', ')}, all ${kb(bytes(all))}`)
  if (main > MAIN_LIMIT) {
    console.error(`The main package is over ${kb(MAIN_LIMIT)}.`)
    process.exitCode = 1
  }
}

const browser = 'dist/build/h5'
if (existsSync(browser)) {
  const rows = filesBelow(browser)
    .filter((file) => /\.(js|css|html)$/.test(file))
    .map((file) => [file.slice(browser.length + 1), statSync(file).size, gzipSync(readFileSync(file)).length])
    .sort((one, other) => other[2] - one[2])
  console.log(
    `H5: ${rows.length} files, ${kb(rows.reduce((sum, row) => sum + row[1], 0))} raw, ${kb(rows.reduce((sum, row) => sum + row[2], 0))} gzip; the biggest:`,
  )
  for (const [name, raw, packed] of rows.slice(0, 6)) console.log(`  ${name}  ${kb(raw)}  ${kb(packed)} gzip`)
}
