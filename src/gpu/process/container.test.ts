import { describe, expect, test } from 'bun:test';
import { containerOf } from './container.ts';

const ID = '3f4e8c1d2b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';
const INNER = 'aa4e8c1d2b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1ff';
const POD = '0d5e4e0d_8b1a_4c6e_9f7a_1b2c3d4e5f60';
const POD_DASHED = '0d5e4e0d-8b1a-4c6e-9f7a-1b2c3d4e5f60';
const KUBE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD}.slice`;

/** What it is, the file's text, the answer. */
const CASES: readonly (readonly [string, string, string])[] = [
  ['Docker, systemd driver', `0::/system.slice/docker-${ID}.scope`, ID],
  ['Docker, cgroupfs driver', `0::/docker/${ID}`, ID],
  ['Docker, version 1', `12:pids:/docker/${ID}\n1:name=systemd:/docker/${ID}\n0::/`, ID],
  ['Docker, a slice of its own', `0::/user.slice/work.slice/docker-${ID}.scope/init`, ID],
  [
    'rootless Docker',
    `0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    ID,
  ],
  ['Docker in Docker: the inner one', `0::/docker/${ID}/docker/${INNER}`, INNER],
  [
    'Kubernetes in Docker',
    `0::/docker/${ID}/kubelet.slice${KUBE}/cri-containerd-${INNER}.scope`,
    INNER,
  ],
  ['containerd below Kubernetes', `0::${KUBE}/cri-containerd-${ID}.scope`, ID],
  ['containerd, cgroupfs driver', `4:memory:/kubepods/besteffort/pod${POD_DASHED}/${ID}`, ID],
  [
    'containerd told a path in the form of systemd',
    `11:devices:/system.slice/containerd.service/kubepods-pod${POD}.slice:cri-containerd:${ID}`,
    ID,
  ],
  ['nerdctl', `0::/system.slice/nerdctl-${ID}.scope`, ID],
  ['nerdctl, version 1', `3:cpu,cpuacct:/default/${ID}`, ID],
  ['CRI-O', `0::${KUBE}/crio-${ID}.scope`, ID],
  ['CRI-O with a cgroup below', `0::${KUBE}/crio-${ID}.scope/container`, ID],
  ['Podman as root', `0::/machine.slice/libpod-${ID}.scope/container`, ID],
  [
    'rootless Podman',
    `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`,
    ID,
  ],
  ['Podman, cgroupfs driver', `0::/libpod_parent/libpod-${ID}`, ID],
  [
    'Podman in a unit of its own (quadlet)',
    `0::/system.slice/vllm.service/libpod-payload-${ID}`,
    ID,
  ],
  ["Podman's watcher", `0::/machine.slice/libpod-conmon-${ID}.scope`, `libpod-conmon-${ID}.scope`],
  ['Amazon ECS', `9:perf_event:/ecs/0c1b2a39485766554433221100ffeedd/${ID}`, ID],
  [
    'AWS Fargate',
    '1:name=systemd:/ecs/0c1b2a39485766554433221100ffeedd/0c1b2a39485766554433221100ffeedd-1234567890',
    '0c1b2a39485766554433221100ffeedd-1234567890',
  ],
  ['a pod whose sandbox has no cgroup below', `0::${KUBE}`, `pod${POD_DASHED}`],
  ['a guaranteed pod', `0::/kubepods.slice/kubepods-pod${POD}.slice`, `pod${POD_DASHED}`],
  ['LXC', '0::/lxc.payload.trainer/system.slice/python.service', 'trainer'],
  ['old LXC', '5:memory:/lxc/trainer', 'trainer'],
  ['a service', '0::/system.slice/ollama.service', 'ollama.service'],
  ['a template', '0::/system.slice/system-vllm.slice/vllm@8000.service', 'vllm@8000.service'],
  ['a session', '0::/user.slice/user-1000.slice/session-3.scope', 'session-3.scope'],
  [
    "a program of a user's session",
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.blender-71.scope',
    'app-org.blender-71.scope',
  ],
  ['Slurm', '0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0', 'slurmstepd.scope'],
  [
    'version 1 beside version 2',
    '12:pids:/system.slice/ssh.service\n1:name=systemd:/system.slice/ssh.service\n0::/system.slice/ssh.service',
    'ssh.service',
  ],
  [
    'a container in some hierarchies alone',
    `12:rdma:/\n11:cpuset:/\n10:memory:/docker/${ID}\n1:name=systemd:/system.slice/docker.service`,
    ID,
  ],
  ['seen from a cgroup namespace', `0::/../../${KUBE.slice(1)}/cri-containerd-${ID}.scope`, ID],
  ['a cgroup that was removed', `0::/system.slice/docker-${ID}.scope (deleted)`, ID],
  ['the root', '0::/', ''],
  ['a slice alone', '0::/user.slice', ''],
  ['a name that is longer than an id', `0::/x/${ID}0`, ''],
  ['an empty file', '', ''],
];

describe('containerOf()', () => {
  for (const [name, text, container] of CASES) {
    test(name, () => {
      expect(containerOf(`${text}\n`)).toBe(container);
    });
  }
});
