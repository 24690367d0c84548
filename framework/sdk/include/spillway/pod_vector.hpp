#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace spillway {

/// Reallocates memory of libspillway; ends the process when memory is exhausted.
[[nodiscard]] void* pod_reallocate(void* memory, std::size_t bytes) noexcept;
void pod_free(void* memory) noexcept;

/// A growing array of trivially copyable values that may cross the plugin boundary: its memory is
/// allocated and freed inside libspillway.
template <class T>
requires std::is_trivially_copyable_v<T>
class PodVector {
public:
    PodVector() noexcept = default;
    PodVector(PodVector&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    PodVector& operator=(PodVector&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    PodVector(const PodVector&) = delete;
    PodVector& operator=(const PodVector&) = delete;
    ~PodVector() {
        if (data_ != nullptr) pod_free(data_);
    }

    void push_back(const T& value) noexcept {
        if (size_ == capacity_) reserve(capacity_ == 0 ? 16 : capacity_ * 2);
        data_[size_++] = value;
    }
    /// A new last element to be written; its contents are undefined until then.
    [[nodiscard]] T& append_uninitialised() noexcept {
        if (size_ == capacity_) reserve(capacity_ == 0 ? 16 : capacity_ * 2);
        return data_[size_++];
    }
    void reserve(std::uint32_t capacity) noexcept {
        if (capacity <= capacity_) return;
        data_ = static_cast<T*>(pod_reallocate(data_, capacity * sizeof(T)));
        capacity_ = capacity;
    }
    /// Elements beyond the old size are uninitialised.
    void resize_uninitialised(std::uint32_t size) noexcept {
        reserve(size);
        size_ = size;
    }
    void clear() noexcept { size_ = 0; }
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] T& operator[](std::uint32_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::uint32_t i) const noexcept { return data_[i]; }
    [[nodiscard]] T& back() noexcept { return data_[size_ - 1]; }
    [[nodiscard]] T* begin() noexcept { return data_; }
    [[nodiscard]] T* end() noexcept { return data_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return data_; }
    [[nodiscard]] const T* end() const noexcept { return data_ + size_; }
    [[nodiscard]] std::span<const T> view() const noexcept { return {data_, size_}; }

private:
    T* data_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
};

}  // namespace spillway
