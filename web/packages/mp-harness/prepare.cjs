/** Makes a copy of an mp-weixin build that Node and a browser's style sheets understand. */
const fs = require('node:fs')
const path = require('node:path')

/** Width of the pretended phone, px; a design is 750 rpx wide. */
const SCREEN_WIDTH = 390
const DESIGN_WIDTH = 750

/** Copies `source` to `target`, marks it as CommonJS, writes rpx as px. Returns `target`. */
function prepare(source, target) {
  if (!fs.existsSync(path.join(source, 'app.js'))) {
    throw new Error(`No mini-program build in ${source}. Run: npm run build:mp --prefix apps/mobile`)
  }
  fs.rmSync(target, { recursive: true, force: true })
  fs.cpSync(source, target, { recursive: true })
  fs.writeFileSync(path.join(target, 'package.json'), '{"type":"commonjs"}')
  for (const file of filesBelow(target)) {
    if (file.endsWith('.wxss')) fs.writeFileSync(file, inPixels(fs.readFileSync(file, 'utf8')))
  }
  return target
}

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(file) : [file]
  })
}

function inPixels(style) {
  return style.replace(/(\d*\.?\d+)rpx/g, (_, count) => `${((Number(count) * SCREEN_WIDTH) / DESIGN_WIDTH).toFixed(3)}px`)
}

module.exports = { prepare, SCREEN_WIDTH }
