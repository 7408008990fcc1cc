// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/operations.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <gtest/gtest.h>
#include <set>

namespace spillway::admin {
namespace {

QJsonObject json(const char* text)
{
    return QJsonDocument::fromJson(text).object();
}

TEST(Arguments, EachTypeTakesItsValuesAndNoOthers)
{
    using Type = ParameterType;
    const struct
    {
        Type type;
        ParameterPlace place;
        const char* value;
        bool good;
    } rows[] = {
        {Type::Text, ParameterPlace::Body, "\"x\"", true},
        {Type::Text, ParameterPlace::Body, "\"\"", true},
        {Type::Text, ParameterPlace::Body, "1", false},
        {Type::Text, ParameterPlace::Body, "\"a\\u0000b\"", false},
        {Type::Boolean, ParameterPlace::Body, "true", true},
        {Type::Boolean, ParameterPlace::Body, "\"true\"", false},
        {Type::Boolean, ParameterPlace::Query, "\"true\"", true},
        {Type::Boolean, ParameterPlace::Query, "\"yes\"", false},
        {Type::Integer, ParameterPlace::Body, "5", true},
        {Type::Integer, ParameterPlace::Body, "5.5", false},
        {Type::Integer, ParameterPlace::Body, "1e300", false},
        {Type::Integer, ParameterPlace::Body, "\"5\"", false},
        {Type::Integer, ParameterPlace::Query, "\"5\"", true},
        {Type::Integer, ParameterPlace::Query, "\"five\"", false},
        {Type::Duration, ParameterPlace::Body, "\"1h\"", true},
        {Type::Duration, ParameterPlace::Body, "3600", true},
        {Type::Duration, ParameterPlace::Body, "-1", false},
        {Type::Duration, ParameterPlace::Body, "\"never\"", false},
        {Type::Duration, ParameterPlace::Body, "true", false},
        {Type::DurationOrNever, ParameterPlace::Body, "\"never\"", true},
        {Type::DurationOrNever, ParameterPlace::Body, "\"tomorrow\"", false},
        {Type::Rate, ParameterPlace::Body, "\"2MiB/s\"", true},
        {Type::Rate, ParameterPlace::Body, "2048", true},
        {Type::Rate, ParameterPlace::Body, "\"2MiB\"", false},
        {Type::TextList, ParameterPlace::Body, "[\"a\",\"b\"]", true},
        {Type::TextList, ParameterPlace::Body, "\"a\"", false},
        {Type::TextList, ParameterPlace::Body, "[1]", false},
    };
    for (const auto& row : rows) {
        const std::vector<Parameter> parameters{{"p", row.type, row.place, true}};
        const auto checked =
            Arguments::check(parameters, json(("{\"p\":" + std::string(row.value) + "}").c_str()));
        EXPECT_EQ(checked.has_value(), row.good) << static_cast<int>(row.type) << " " << row.value;
        if (!checked) {
            EXPECT_EQ(checked.error().code, ErrorCode::InvalidArgument);
            EXPECT_NE(checked.error().message.find("\"p\""), std::string::npos) << checked.error().message;
        }
    }
}

TEST(Arguments, UnknownAndMissingOnesAreNamed)
{
    const std::vector<Parameter> parameters{{"a", ParameterType::Text, ParameterPlace::Body, true},
                                            {"b", ParameterType::Text, ParameterPlace::Body, false}};
    EXPECT_TRUE(Arguments::check(parameters, json(R"({"a":"x"})")));
    EXPECT_TRUE(Arguments::check(parameters, json(R"({"a":"x","b":null})")));
    const auto unknown = Arguments::check(parameters, json(R"({"a":"x","pasword":"y"})"));
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("pasword"), std::string::npos);
    for (const char* missing : {R"({})", R"({"a":null})"}) {
        const auto checked = Arguments::check(parameters, json(missing));
        ASSERT_FALSE(checked);
        EXPECT_NE(checked.error().message.find("\"a\" is missing"), std::string::npos);
    }
}

TEST(Arguments, BytesSurviveJson)
{
    const std::vector<Parameter> parameters{{"path", ParameterType::Bytes, ParameterPlace::Body, true}};
    for (const std::string& bytes :
         {std::string("/a/b"), std::string("/\xC3\xA4"), std::string("/\xFF\xFE x")}) {
        QJsonObject object;
        putBytes(object, "path", bytes);
        EXPECT_EQ(object.contains(QLatin1String("path_base64")), bytes.find('\xFF') != std::string::npos);
        const auto checked = Arguments::check(parameters, object);
        ASSERT_TRUE(checked) << checked.error().message;
        EXPECT_EQ(checked->text("path"), bytes);
    }
    EXPECT_FALSE(Arguments::check(parameters, json(R"({"path_base64":"%%%"})")));
    EXPECT_FALSE(Arguments::check(parameters, json(R"({"path_base64":"AAAA"})"))) << "NUL bytes";
}

TEST(Operations, PathsMatchByParts)
{
    const struct
    {
        const char *pattern, *path;
        bool matches;
        const char* id = "";
    } rows[] = {
        {"/api/v1/links", "/api/v1/links", true},
        {"/api/v1/links", "/api/v1/links/", false},
        {"/api/v1/links", "/api/v1/link", false},
        {"/api/v1/links", "/api/v1", false},
        {"/api/v1/links/{id}", "/api/v1/links/x", true, "x"},
        {"/api/v1/links/{id}", "/api/v1/links/", false},
        {"/api/v1/links/{id}", "/api/v1/links/x/revoke", false},
        {"/api/v1/links/{id}/revoke", "/api/v1/links/x y/revoke", true, "x y"},
        {"/api/v1/links/{id}/revoke", "/api/v1/links//revoke", false},
        {"/api/v1/links/{id}", "", false},
    };
    for (const auto& row : rows) {
        QJsonObject values;
        EXPECT_EQ(matchPath(row.pattern, row.path, values), row.matches) << row.pattern << " " << row.path;
        if (row.matches) {
            EXPECT_EQ(values.value(QLatin1String("id")).toString().toStdString(), row.id);
        }
    }
}

TEST(Operations, TheTableIsConsistent)
{
    std::set<std::string> names, routes;
    for (const Operation& operation : operations()) {
        EXPECT_TRUE(names.insert(std::string(operation.name)).second) << operation.name;
        EXPECT_TRUE(routes.insert(std::string(operation.method) + std::string(operation.path)).second)
            << operation.name;
        EXPECT_TRUE(operation.path.starts_with("/api/v1/"));
        EXPECT_FALSE(operation.summary.empty());
        for (const Parameter& parameter : operation.parameters) {
            EXPECT_FALSE(parameter.help.empty()) << operation.name << " " << parameter.name;
            const std::string hole = "{" + std::string(parameter.name) + "}";
            EXPECT_EQ(operation.path.find(hole) != std::string_view::npos,
                      parameter.place == ParameterPlace::Path)
                << operation.name << " " << parameter.name;
        }
        EXPECT_EQ(findOperation(operation.name), &operation);
    }
    EXPECT_EQ(findOperation("share"), nullptr);
}

} // namespace
} // namespace spillway::admin
