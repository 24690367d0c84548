#include "broken.hpp"

namespace {

struct WithoutFactory : spillway::KeepAll<WithoutFactory> {};

}  // namespace

/// The manifest alone, without the function that SPILLWAY_PLUGIN adds.
extern "C" __attribute__((section(".spillway"), used, retain, visibility("default"), aligned(8)))
const constinit auto spillway_manifest = spillway::detail::make_manifest<WithoutFactory>();
