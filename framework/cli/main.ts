#!/usr/bin/env node
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `faultline needs Node 24 or newer, and this is ${process.version}. \`npm i -D node@24\` brings it for npm scripts and npx.\n`,
  )
  process.exit(64)
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
const { runCommandLine } = await import('./program.ts')
const code = await runCommandLine(process.argv.slice(2))
// Everything of ours is disposed by now; what a test host still waits for must not keep an interrupted command.
if (code === 130 || code === 143) process.exit(code)
process.exitCode = code
