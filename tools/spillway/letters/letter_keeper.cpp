#include "letters/letter_keeper.hpp"

#include <spillway/node.hpp>

#include "letters/replay_plan.hpp"

namespace spillway::cli {

LetterKeeper::LetterKeeper(Sink& sink, const Letters& letters, bool settles)
    : SinkFront(sink), letters_(letters), settles_(settles) {}

Status LetterKeeper::open(const SinkSetup& setup) noexcept {
    Status status = detail::guarded([&]() -> Status {
        expected_.clear();
        refused_.assign(letters_.size(), {});
        for (std::size_t i = letters_.size(); i-- > 0;) {  // the first one is found first
            const Letter& letter = letters_[i];
            expected_[subject_of(letter.node, letter.origin, letter.raw)].push_back(i);
        }
        return {};
    });
    return status.ok() ? SinkFront::open(setup) : status;
}

Status LetterKeeper::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        rows_.clear();
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            if (!take(rows.batch[rows.rows[k]], rows.batch)) rows_.push_back(rows.rows[k]);
        }
        if (rows_.empty()) return {};
        return SinkFront::write(
            {rows.batch, {rows_.data(), static_cast<std::uint32_t>(rows_.size())}});
    });
}

bool LetterKeeper::take(const Event& event, const Batch& batch) {
    const DeadLetter* const letter = read_dead_letter(batch, event);
    if (letter == nullptr) return false;
    const auto found = expected_.find(subject_of(batch.text(event, letter->node),
                                                 batch.text(event, letter->origin),
                                                 batch.text(event, letter->raw)));
    if (found == expected_.end() || found->second.empty()) return false;
    refused_[found->second.back()] = batch.text(event, letter->reason);
    found->second.pop_back();
    return true;
}

std::vector<LetterOutcome> LetterKeeper::outcomes(Time time) const {
    std::vector<LetterOutcome> all;
    all.reserve(letters_.size());
    for (std::size_t i = 0; i < letters_.size(); ++i) {
        all.push_back({letters_[i].id, refused_[i].empty(), time, refused_[i]});
    }
    return all;
}

/// The replay is one epoch: at its commit all letters have been through.
Status LetterKeeper::commit(const EpochCommit& commit) noexcept {
    if (settles_) {
        for (const LetterOutcome& outcome : outcomes(commit.info.time)) {
            Status status = behind().dead_letter_store()->settle(outcome);
            if (!status.ok()) return status;
        }
    }
    return SinkFront::commit(commit);
}

}  // namespace spillway::cli
