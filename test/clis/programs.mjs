// How each program is set up for the gateway, and how its model is told to use its tools. What the README says is what
// stands here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Place where a program runs
 * @property {string} modules folder its package was installed in
 * @property {string} home
 * @property {string} work
 * @property {string} url of the gateway
 * @property {string} key of a project
 * @property {string} model
 *
 * @typedef {object} Program
 * @property {string} name
 * @property {(place: Place) => Record<string, string>} env
 * @property {(place: Place) => Record<string, string>} files what it reads in its home, by path
 * @property {(place: Place, prompt: string) => string[]} command the program and its parameters
 * @property {(writes: { path: string, content: string }) => readonly [string, object | string]} write a call of its
 *   tool that makes a file
 * @property {(line: string) => readonly [string, object | string]} shell a call of its tool that runs a line
 * @property {(output: string, place: Place) => string} lastWords of its model
 */

/** @type {Program} */
const claudeCode = {
  name: 'Claude Code',
  env: ({ url, key, model }) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_MODEL: model,
    // For what it does in the background: without it that goes to Anthropic's smallest model.
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }),
  files: () => ({}),
  command: ({ modules }, prompt) => [
    process.execPath,
    join(modules, '@anthropic-ai/claude-code/cli-wrapper.cjs'),
    '--print',
    '--output-format=json',
    '--allowedTools=Write,Bash(cat *)',
    prompt,
  ],
  write: ({ path, content }) => ['Write', { file_path: path, content }],
  shell: line => ['Bash', { command: line, description: 'Reads both files' }],
  lastWords: output => JSON.parse(output).result,
};

const heredoc = content => `cat > hello.txt <<'END'\n${content}END`;
const lastMessage = ({ home }) => join(home, 'last-message.txt');

/** @type {Program} */
const codex = {
  name: 'Codex',
  env: ({ key }) => ({ LLM_HUB_API_KEY: key }),
  files: ({ url, model }) => ({
    '.codex/config.toml': `
      model = "${model}"
      model_provider = "llm-hub"
      check_for_update_on_startup = false

      [model_providers.llm-hub]
      name = "LLM Hub"
      base_url = "${url}/v1"
      env_key = "LLM_HUB_API_KEY"
      wire_api = "responses"

      [analytics]
      enabled = false
    `,
  }),
  command: (place, prompt) => [
    process.execPath,
    join(place.modules, '@openai/codex/bin/codex.js'),
    'exec',
    '--strict-config',
    '--skip-git-repo-check',
    '--ephemeral',
    // Its own sandbox needs rights that containers do not give.
    '--dangerously-bypass-approvals-and-sandbox',
    `--output-last-message=${lastMessage(place)}`,
    prompt,
  ],
  write: ({ content }) => ['exec_command', { cmd: heredoc(content) }],
  shell: line => ['exec_command', { cmd: line }],
  lastWords: (_output, place) => readFileSync(lastMessage(place), 'utf8'),
};

const script = line => `text(await tools.exec_command(${JSON.stringify({ cmd: line })}))`;

/**
 * For models of its own list: one tool that takes JavaScript, in a namespace, announced by an item of the input.
 *
 * @type {Program}
 */
const codexScripts = {
  ...codex,
  name: 'Codex in code mode',
  write: ({ content }) => ['functions.exec', script(heredoc(content))],
  shell: line => ['functions.exec', script(line)],
};

/**
 * At vendors that know neither namespaces nor tools which take free text.
 *
 * @type {Program}
 */
const codexScriptsAbroad = {
  ...codexScripts,
  write: ({ content }) => ['functions__exec', { input: script(heredoc(content)) }],
  shell: line => ['functions__exec', { input: script(line) }],
};

/** @type {Program} */
const geminiCli = {
  name: 'Gemini CLI',
  env: ({ url, key }) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key }),
  files: () => ({
    '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    }),
  }),
  command: ({ modules, model }, prompt) => [
    process.execPath,
    join(modules, '@google/gemini-cli/bundle/gemini.js'),
    `--model=${model}`,
    '--skip-trust',
    '--yolo',
    '--output-format=json',
    `--prompt=${prompt}`,
  ],
  write: ({ path, content }) => ['write_file', { file_path: path, content }],
  shell: line => ['run_shell_command', { command: line }],
  lastWords: output => JSON.parse(output).response,
};

export const PROGRAMS = { claudeCode, codex, codexScripts, codexScriptsAbroad, geminiCli };
