#!/bin/bash
# How a job of this site begins; `deno task submit --template FILE` takes an edited copy. Of the lines that begin with
# #SBATCH those are left out whose word in braces has no value; lines of your own, such as an account, may be added.
#SBATCH --job-name={{name}}
#SBATCH --comment={{comment}}
#SBATCH --partition={{partition}}
#SBATCH --time={{time}}
#SBATCH --mem={{memory}}
#SBATCH --cpus-per-task={{cpus}}
#SBATCH --gres=gpu:{{gpus}}
#SBATCH --array={{array}}
#SBATCH --dependency={{dependency}}
#SBATCH --kill-on-invalid-dep=yes
#SBATCH --output={{log}}
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@{{notice}}

# What the nodes need before Deno runs: modules, proxies, a Vulkan driver. A job installs nothing.
# module load cuda
export COTBAL_NO_INSTALL=1

{{work}}
