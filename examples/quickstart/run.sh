#!/usr/bin/env bash
# Tries the provider without an account and without the network: starts its local server,
# applies main.tf (lakeFS) and cdf.tf (Cognite Data Fusion) against it, changes a policy and
# a group, lets an assertion fail, and destroys everything again.
#
#   examples/quickstart/run.sh [PROVIDER]
#
# PROVIDER is the provider's binary, named terraform-provider-iam. Without it, the one in
# the directory PROVIDER_DIR is taken, or one is built. TERRAFORM (or TF) is the command to
# run, such as tofu; by default terraform, or tofu where there is no terraform.
set -eu -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
name=terraform-provider-iam
heading() { printf '\n==> %s\n\n' "$*"; }
fail() {
  echo "quickstart: $*" >&2
  exit 1
}

terraform=${TERRAFORM:-${TF:-$(command -v terraform || command -v tofu || true)}}
command -v "${terraform:-none}" >/dev/null || fail "needs terraform or tofu on the PATH, or one named by TERRAFORM"

provider=${1:-${PROVIDER_DIR:+$PROVIDER_DIR/$name}}
if [ -z "$provider" ]; then
  provider=$here/../../bin/$name
  heading "Building the provider"
  (cd "$here/../.." && go build -o "bin/$name" .)
fi
[ -x "$provider" ] || fail "no provider at $provider"
[ "$(basename "$provider")" = "$name" ] || fail "the provider's file must be called $name: Terraform finds it by that name"
provider_dir=$(cd "$(dirname "$provider")" && pwd)

# All files go to a directory of their own, which is removed at the end, as is the server.
dir=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cp "$here"/*.tf "$here"/*.yaml "$dir"
cat >"$dir/cli.tfrc" <<END
provider_installation {
  dev_overrides {
    "registry.terraform.io/dataiam/iam" = "$provider_dir"
    "registry.opentofu.org/dataiam/iam" = "$provider_dir"
  }
}
END

# Nothing of the caller's own setup may matter, nor be asked over the network.
for variable in $(env | grep -oE '^(TF|LAKECTL|CDF|IDP|IAM)_[A-Za-z0-9_]+'); do
  unset "$variable"
done
export TF_CLI_CONFIG_FILE="$dir/cli.tfrc" TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1

heading "Starting a lakeFS and a CDF project that live in memory: $name local-server"
"$provider_dir/$name" local-server --port 0 >"$dir/server.env" 2>"$dir/server.log" &
server=$!
tries=0
until grep -q '^ready$' "$dir/server.env"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$dir/server.log" >&2
    fail "the local server did not start"
  fi
  sleep 0.1
done
eval "$(grep '^export ' "$dir/server.env")"
echo "They listen on $LAKECTL_SERVER_ENDPOINT_URL; the provider finds them and the credentials in the environment."

# tf runs Terraform without what would drown the rest: its warning that this is a
# development build, and the lines that say what it is about to read or make.
tf() {
  (cd "$dir" && "$terraform" "$@") 2>&1 | awk '
    BEGIN { blank = 1 }
    /^Warning: Provider development overrides are in effect/ { hidden = 1 }
    /: (Refreshing state|Reading|Creating|Modifying)\.\.\.|: Read complete after/ { next }
    !hidden && !(blank && /^$/) { print; blank = /^$/ }
    hidden && /releases\.$/ { hidden = 0 }'
}

heading "1. Apply main.tf and cdf.tf: users, groups, policies, capabilities, who gets what, and a key"
tf apply -no-color -auto-approve

heading "2. Plan again: what is there is what was asked for, so there is nothing to do"
tf plan -no-color -detailed-exitcode || fail "the second plan is not empty"

heading "3. Let analysts commit and readers read one more table: the plan shows what changes, and how"
changed=(-var=analysts_may_commit=true -var=readers_read_logs=true)
status=0
tf plan -no-color -detailed-exitcode -out=change.tfplan "${changed[@]}" || status=$?
[ "$status" -eq 2 ] || fail "the plan shows no change"

heading "4. Apply that plan"
tf apply -no-color change.tfplan

heading "5. Ask for a capability that the caller lacks: the assertion in cdf.tf stops the plan"
status=0
tf plan -no-color "${changed[@]}" -var=caller_reads_assets=true || status=$?
[ "$status" -eq 1 ] || fail "the assertion did not stop the plan"

heading "6. Destroy everything; only what Terraform did is shown"
tf destroy -no-color -auto-approve "${changed[@]}" >"$dir/destroy.log" || {
  cat "$dir/destroy.log"
  fail "destroying failed"
}
grep -E 'Destruction complete|^Destroy complete' "$dir/destroy.log"

heading "Done. The server is stopped and its data is gone. Edit $here/main.tf or cdf.tf and run this again."
