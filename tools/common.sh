# Shared by tools/quickstart and tools/test; sourced, never run. Sets `root` and moves there.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

missing=()
replaced=()

# Everything a build writes stays in the checkout.
export CCACHE_DIR="${CCACHE_DIR:-$root/build/ccache}"

# die EXIT_CODE MESSAGE [HINT]
die() {
    printf '%s: %s\n' "${0##*/}" "$2" >&2
    [[ -n ${3:-} ]] && printf '  %s\n' "$3" >&2
    exit "$1"
}

# seconds_since START: START is a value of EPOCHREALTIME (whose decimal point may be a comma).
seconds_since() {
    local us=$((${EPOCHREALTIME//[.,]/} - ${1//[.,]/}))
    printf '%d.%d s' $((us / 1000000)) $((us / 100000 % 10))
}

# step TEXT COMMAND...: says what is done and how long it took; a failure ends the script.
step() {
    local text=$1 start=$EPOCHREALTIME status=0
    shift
    printf '==> %s\n' "$text"
    "$@" || status=$?
    ((status == 0)) || die 1 "failed after $(seconds_since "$start"): $text" "command: $*"
    printf '    done in %s\n' "$(seconds_since "$start")"
}

# quietly COMMAND...: shows the output only if the command fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    ((status == 0)) || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# One compiler process per core, but no more than one per 2 GiB of free memory.
default_jobs() {
    local cores by_memory
    cores=$(nproc 2>/dev/null || echo 1)
    by_memory=$(awk '/^MemAvailable:/ { print int($2 / 2097152) }' /proc/meminfo 2>/dev/null)
    ((${by_memory:-$cores} >= cores)) && { echo "$cores"; return; }
    ((by_memory > 0)) && echo "$by_memory" || echo 1
}

# find_missing PURPOSE...: fills `missing` with the packages of tools/packages that dpkg does not
# know as installed or as provided by another (some Node.js packages bring npm along), and `replaced`
# with those that must make way for them.
find_missing() {
    command -v dpkg-query >/dev/null ||
        die 1 "dpkg-query not found: packages are installed on Debian 12 only" \
            "elsewhere install what tools/packages names, then: cmake --preset release && cmake --build --preset run"
    # shellcheck disable=SC2016
    mapfile -t missing < <(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
        awk -v purposes=" $* " '
            reading == "dpkg" && $1 == "installed" {
                gsub(/,/, "")
                for (i = 2; i <= NF; ++i) installed[$i] = 1
            }
            reading == "dpkg" { next }
            /^#/ || NF == 0 || !index(purposes, " " $1 " ") { next }
            !installed[$2] && !listed[$2]++ { print $2 }
        ' reading=dpkg - reading=packages tools/packages)
    replaced=()
    ((${#missing[@]})) || return 0
    mapfile -t replaced < <(apt-get install -s --no-install-recommends "${missing[@]}" 2>/dev/null |
        awk '$1 == "Remv" { print $2 }')
}

# install_packages PACKAGE...: from Debian, as root or with sudo.
install_packages() {
    local as_root=() package
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq
        --no-install-recommends -o DPkg::Lock::Timeout=120 "$@")
    ((${#replaced[@]})) || install+=(--no-remove)
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die 1 "not root and no sudo: cannot install packages" \
                "as root: apt-get install --no-install-recommends $*"
        as_root=(sudo)
    fi
    for package in "$@"; do
        apt-cache show "$package" >/dev/null 2>&1 && continue
        "${as_root[@]}" apt-get update -qq || return
        break
    done
    # Package lists that are too old name files that are gone: fetch them once and try again.
    "${as_root[@]}" "${install[@]}" ||
        { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" "${install[@]}"; }
}

# ensure_packages PURPOSE...: installs what is missing, says so if nothing is.
ensure_packages() {
    local package
    find_missing "$@"
    if ((${#missing[@]} == 0)); then
        echo "==> Debian packages ($*): all there"
    else
        # Debian allows the headers of one Boost version at a time; nothing else may be removed.
        for package in "${replaced[@]}"; do
            [[ $package == libboost*-dev ]] ||
                die 1 "apt would remove '$package' to install: ${missing[*]}" \
                    "install them by hand if that is what you want: apt-get install ${missing[*]}"
        done
        ((${#replaced[@]})) && echo "==> another version of Boost is replaced: ${replaced[*]}"
        step "install ${#missing[@]} Debian packages: ${missing[*]}" install_packages "${missing[@]}"
    fi
}
