/**
 * What is compared, in the order of the table. `bar` and `stretch` are limits: `times` the floor's median, the floor's
 * `plus` so much, `most` or `least` of the unit. The floor is floor:http. `besides` are limits by other subjects, as
 * multiples of their medians, which count where these were measured.
 */
export const figures = [
  {
    key: "firstMs",
    name: "process start to first request",
    unit: "ms",
    bar: { times: 2 },
    stretch: { times: 1.5 },
    besides: { codex: 0.5 },
  },
  { key: "wallMs", name: "hello: wall", unit: "ms" },
  { key: "cpuMs", name: "hello: CPU", unit: "ms", bar: { times: 2 }, stretch: { times: 1.5 } },
  { key: "peakMb", name: "hello: peak RSS", unit: "MB", bar: { times: 1.5 }, stretch: { times: 1.3 } },
  {
    key: "deltasMs",
    name: "20,000 deltas: wall",
    unit: "ms",
    bar: { times: 2.5 },
    stretch: { times: 1.5 },
    besides: { codex: 0.5 },
  },
  { key: "readMs", name: "gap per turn, read", unit: "ms", bar: { plus: 1 }, stretch: { plus: 0.5 } },
  { key: "shellMs", name: "gap per turn, shell", unit: "ms", bar: { plus: 1.5 }, stretch: { plus: 0.5 } },
  { key: "readCpuMs", name: "CPU per turn, read", unit: "ms" },
  { key: "shellCpuMs", name: "CPU per turn, shell", unit: "ms" },
  {
    key: "growthUs",
    name: "growth per turn of 20 kB",
    unit: "µs",
    bar: { times: 1.2 },
    stretch: { times: 1 },
  },
  { key: "historyMs", name: "200 turns of 20 kB: wall", unit: "ms" },
  { key: "parallelMs", name: "20 parallel reads", unit: "ms", bar: { times: 1.5 }, stretch: { times: 1.2 } },
  { key: "parallelCpuMs", name: "20 parallel reads: CPU", unit: "ms" },
  { key: "output50Mb", name: "extra RSS, 50 MB of output", unit: "MB", bar: { most: 30 } },
  { key: "output5000Mb", name: "extra RSS, 5 GB of output", unit: "MB", bar: { most: 30 } },
  {
    key: "sessionMb",
    name: "500 sessions: RSS of each",
    unit: "MB",
    bar: { most: 1 },
    stretch: { most: 0.3 },
  },
  { key: "sessionRatio", name: "500 sessions: a turn beside one alone", unit: "×", bar: { most: 2 } },
  { key: "decisionUs", name: "one permission decision", unit: "µs", bar: { most: 200 } },
  { key: "decisionsPerMinute", name: "permission decisions a minute", unit: "", bar: { least: 20_000 } },
  { key: "requestKb", name: "first request", unit: "kB", bar: { most: 20 }, stretch: { most: 12 } },
  { key: "installPackages", name: "installation: packages", unit: "", bar: { most: 40 } },
  { key: "installMb", name: "installation", unit: "MB", bar: { most: 45 } },
];
