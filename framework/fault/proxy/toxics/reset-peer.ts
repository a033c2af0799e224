import { defineToxic, type ToxicStage } from './toxic.ts'

/** Swallows the first data, or the end, and `timeout` ms later resets the connection on both sides. */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  defaults: { timeout: 0 },
  chunk: resetLater,
  end: resetLater,
})

async function resetLater(stage: ToxicStage<{ timeout: number }>): Promise<void> {
  stage.touch()
  await stage.hold(stage.attributes.timeout)
  stage.reset()
}
