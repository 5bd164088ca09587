// TIEOUT_SEED: properties draw the same values each time, so that what passes does not depend on luck. Without it they
// draw new ones, and print their seed where they find something.
const seed = process.env.TIEOUT_SEED
if (seed !== undefined) require('fast-check').configureGlobal({ seed: Number(seed) })
