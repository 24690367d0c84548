#pragma once

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway::sqlite {

/// Appends the contributions of a score as a JSON object with one member per component:
/// `{"funding":{"points":25,"cap":30,"raw":0.0004,"age":12.5,"venues":["okx"]},
///   "long_short":{"cap":20,"missing":true,"reason":"never seen"}}`; `age` in seconds.
void append_contributions(PodVector<char>& out, const Event& score, const Batch& batch);

}  // namespace spillway::sqlite
