// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/safename.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

TEST(DispositionName, Fields)
{
    const struct
    {
        const char* field;
        std::optional<std::string> name;
    } rows[] = {
        {"attachment", std::nullopt},
        {"", std::nullopt},
        {"attachment; filename=report.pdf", "report.pdf"},
        {"attachment; filename=\"a b.txt\"", "a b.txt"},
        {"ATTACHMENT ;FILENAME=\"x\"", "x"},
        {"attachment; filename=\"say \\\"hi\\\".txt\"", "say \"hi\".txt"},
        {"attachment; filename=\"C:\\dir\\x.txt\"", "C:\\dir\\x.txt"},
        {"attachment; filename=\"a;b=c.txt\"; x=1", "a;b=c.txt"},
        {"attachment; filename*=UTF-8''%e2%82%ac.txt", "€.txt"},
        {"attachment; filename*=utf-8'de'%C3%A4.txt; filename=a.txt", "ä.txt"},
        {"attachment; filename=a.txt; filename*=UTF-8''b.txt", "b.txt"},
        {"attachment; filename*=ISO-8859-1''%e4.txt", "ä.txt"},
        {"attachment; filename*=UTF-8''%ff.txt; filename=a.txt", "a.txt"},
        {"attachment; filename*=UTF-8''%4; filename=a.txt", "a.txt"},
        {"attachment; filename*=UTF-16''a; filename=a.txt", "a.txt"},
        {"attachment; filename*=b.txt; filename=a.txt", "a.txt"},
        {"attachment; filename=\"\xe4.txt\"", "ä.txt"}, // bytes that are no UTF-8 were Latin-1
        {"attachment; filename=\"ä.txt\"", "ä.txt"},
        {"attachment; filename=a.txt; filename=b.txt", "a.txt"},
        {"attachment;; filename=a.txt;", "a.txt"},
        {"inline; foo=bar; filename=a.txt", "a.txt"},
        {"attachment; filename=\"open", std::nullopt},
        {"attachment; filename=", std::nullopt},
        {"attachment; filename", std::nullopt},
        {"attachment; filename=a b", std::nullopt},
        {"filename=a.txt", std::nullopt},
    };
    for (const auto& row : rows)
        EXPECT_EQ(dispositionName(row.field), row.name) << row.field;
}

TEST(SafeName, IsNeverAPath)
{
    const struct
    {
        std::string text, name;
    } rows[] = {
        {"report.pdf", "report.pdf"},
        {"中文 名.txt", "中文 名.txt"},
        {"/etc/passwd", "passwd"},
        {"../../.ssh/authorized_keys", "authorized_keys"},
        {"C:\\Windows\\x.dll", "x.dll"},
        {"..", ""},
        {".", ""},
        {"...", ""},
        {"a/..", ""},
        {"a/", ""},
        {"", ""},
        {"   ", ""},
        {".bashrc", "_bashrc"},
        {"..x", "_.x"},
        {" a ", "a"},
        {" .a", "_a"},
        {"a\nb\x1b[31m", "a_b_[31m"},
        {"a\xC2\x9B"
         "b",
         "a_b"},
        {std::string("a\0b", 3), "a_b"},
        {"a\xff"
         "b",
         "a_b"},
        {"photo\u202Egpj.exe", "photo_gpj.exe"},
        {"x.part", "x.part_"},
        {"x.part.journal", "x.part.journal_"},
        {std::string(200, 'a'), std::string(200, 'a')},
        {std::string(201, 'a'), std::string(200, 'a')},
        {std::string(300, 'a') + ".tar", std::string(196, 'a') + ".tar"},
        {std::string(195, 'a') + "äää.tar", std::string(195, 'a') + ".tar"},
        {"a." + std::string(300, 'b'), "a." + std::string(198, 'b')},
    };
    for (const auto& row : rows)
        EXPECT_EQ(safeName(row.text), row.name) << row.text;
}

TEST(ChooseName, DispositionThenPath)
{
    const struct
    {
        const char *disposition, *path, *name;
    } rows[] = {
        {"attachment; filename=a.txt", "/b.txt", "a.txt"},
        {"attachment; filename=\"../..\"", "/b.txt", "b.txt"},
        {"", "/x/b%20c.txt", "b c.txt"},
        {"", "/x/..%2f..%2fpasswd", "passwd"},
        {"", "/x/%zz.txt", "%zz.txt"},
        {"", "/x/folder/", "folder"},
        {"", "/", "download"},
        {"", "", "download"},
        {"", "/%2e%2e", "download"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(chooseName(row.disposition, row.path), row.name) << row.path;
}

TEST(SafeRelativePath, StaysBelow)
{
    const struct
    {
        std::string path;
        bool safe;
    } rows[] = {{"a", true},
                {"a/b c/ü", true},
                {"a\\b", true},
                {"..a/b..", true},
                {".hidden", true},
                {"", false},
                {"/", false},
                {"/etc", false},
                {"a/", false},
                {"a//b", false},
                {".", false},
                {"a/./b", false},
                {"..", false},
                {"a/../b", false},
                {"a/..", false},
                {std::string("a\0b", 3), false},
                {std::string(255, 'a'), true},
                {std::string(256, 'a'), false}};
    for (const auto& row : rows)
        EXPECT_EQ(safeRelativePath(row.path),
                  row.safe ? std::optional(row.path) : std::optional<std::string>())
            << row.path;
    std::string deep;
    while (deep.size() < 3800)
        deep += "ab/";
    EXPECT_FALSE(safeRelativePath(deep + "c"));
}

} // namespace
} // namespace spillway::get
