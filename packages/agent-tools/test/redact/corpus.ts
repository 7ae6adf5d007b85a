/** Signs that look random and are the same each time. */
export function signs(length: number, alphabet: string, seed = 7): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return alphabet.charAt(state % alphabet.length);
  }).join("");
}

export const lower = "abcdefghijklmnopqrstuvwxyz";
export const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const digits = "0123456789";
export const alnum: string = lower + upper + digits;
export const base64: string = `${alnum}+/`;

const words = alnum;
const pem = (kind: string, join = "\n"): string => {
  const lines = Array.from({ length: 12 }, (_, line) => signs(64, base64, line + 1));
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join(join);
};

/** Made up, each with the form of its kind; put together here so that nobody's scanner takes them for real. */
export const secrets: Readonly<Record<string, string>> = {
  "anthropic key": `sk-ant-${"api03-"}${signs(95, `${words}-_`)}`,
  "api key": `sk-${signs(48, words)}`,
  "api key of a project": `sk-proj-${signs(120, `${words}-_`)}`,
  "api key of a router": `sk-or-v1-${signs(64, "abcdef0123456789")}`,
  "stripe key": `sk_${"live"}_${signs(24, words)}`,
  "github token": `ghp_${signs(36, words)}`,
  "github token of an app": `ghs_${signs(36, words)}`,
  "fine github token": `github_pat_${signs(22, words)}_${signs(59, words)}`,
  "gitlab token": `glpat-${signs(20, `${words}-_`)}`,
  "slack token": `xoxb-${signs(12, digits)}-${signs(12, digits)}-${signs(24, words)}`,
  "aws key id": `AKIA${signs(16, upper + digits)}`,
  "google key": `AIza${signs(35, `${words}-_`)}`,
  "npm token": `npm_${signs(36, words)}`,
  "hugging face token": `hf_${signs(34, words)}`,
  jwt: `eyJ${signs(33, words)}.eyJ${signs(80, `${words}-_`)}.${signs(43, `${words}-_`)}`,
  "private key": pem("RSA PRIVATE KEY"),
  "open ssh key": pem("OPENSSH PRIVATE KEY"),
  "private key in JSON": pem("PRIVATE KEY", "\\n"),
};

/** What stands around a secret, and which part of a text is one. */
export const headers: readonly { readonly text: string; readonly secret: string }[] = [
  "Authorization: Bearer {}",
  '"authorization": "bearer {}"',
  "Authorization: Basic {}",
  "aws_secret_access_key = {}",
  "AWS_SECRET_ACCESS_KEY={}",
  "postgres://app:{}@db.example.com:5432/app",
  "https://x-access-token:{}@github.com/a/b.git",
].map((shape, index) => {
  const secret = signs(40, alnum, index + 3);
  return { text: shape.replace("{}", secret), secret };
});

/** What looks like a secret and is none: an over-eager redactor changes what people worked with. */
export const innocent: readonly string[] = [
  // Digests, ids, checksums.
  signs(40, "0123456789abcdef"),
  `commit ${signs(40, "0123456789abcdef", 3)}\nMerge: ${signs(7, "0123456789abcdef")}`,
  "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  `sha512-${signs(86, base64)}==`,
  `sha256:${signs(64, "0123456789abcdef")}`,
  `"integrity": "sha512-${signs(86, base64, 11)}==",\n      "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"`,
  `data:image/png;base64,iVBORw0KGgo${signs(4_000, base64)}=`,
  `toolu_${signs(24, alnum)} call_${signs(24, alnum)} msg_${signs(24, alnum)} chatcmpl-${signs(29, alnum)}`,
  // Words that begin like a key.
  '<div class="sk-cube-grid sk-loading-spinner-container-2 sk-circle-fade-dot-animation">',
  "risk-assessment-of-the-whole-department-2024 task-force-with-20-members-and-more disk-usage-report",
  "npm_config_registry npm_lifecycle_event npm_package_version hf_hub_download_with_retries_and_more_words",
  "ghp_ sk- xoxb- AKIA eyJ github_pat_ glpat-",
  "export OPENAI_API_KEY=sk-... # or sk-ant-... or $ANTHROPIC_API_KEY",
  "export GITHUB_TOKEN=ghp_xxxxxxxx",
  // Headers and URLs without a secret in them.
  "Authorization: Bearer $TOKEN",
  "Authorization: Bearer <your-token-goes-right-here>",
  "Bearer authentication-is-required-for-this",
  "the bearer of a token has what it takes; basic authorization needs none",
  "postgres://localhost:5432/app http://localhost:3000/a@b https://example.com:8443/x?y=1#z",
  "postgres://user:password@localhost/app postgres://user:$PASSWORD@localhost",
  "git+ssh://git@github.com/a/b.git#semver:1 user@example.com:22",
  'if (text.includes("-----BEGIN PRIVATE KEY-----")) return "a key";\nexport const more = 1;\n',
  "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----",
  "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END CERTIFICATE-----",
  // Minified code and other languages.
  "var a=function(e){return e.sk-1},b=/sk_|rk_/.test(c),d=e.xox-f;",
  "日本語のテキスト и русский текст 🙂 \u0000\u0001",
];
