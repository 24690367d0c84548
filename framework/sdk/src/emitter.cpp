#include <spillway/emitter.hpp>

namespace spillway {

void Emitter::reset(Ticket* ticket, PodVector<Trigger>* triggers) noexcept {
    batch_ = {};
    marks_.clear();
    ticket_ = ticket;
    triggers_ = triggers;
    if (triggers_ != nullptr) triggers_->clear();
}

void Emitter::open() noexcept {
    batch_ = BatchRef::create();
    batch_->set_ticket(ticket_);
}

}  // namespace spillway
