import { EventRef } from '@liventix/contracts/events';
import {
  CommentRef,
  CreateComment,
  CreatePost,
  DismissReports,
  EditPost,
  Hide,
  ListComments,
  ListHome,
  ListPosts,
  PinPost,
  PostRef,
  Report,
  Unhide,
} from '@liventix/contracts/feed';
import { accountProcedure, limited, publicProcedure, router } from '../../platform/trpc.ts';
import { createComment, deleteComment } from './create-comment.ts';
import { dismissReports } from './dismiss-reports.ts';
import { deletePost, editPost, pinPost } from './edit-post.ts';
import { likePost, unlikePost } from './like-post.ts';
import { listComments } from './list-comments.ts';
import { listHome } from './list-home.ts';
import { listPosts } from './list-posts.ts';
import { hide, report, unhide } from './moderate.ts';
import { createPost } from './posts-create.ts';
import { readPost } from './read-post.ts';
import { readEventReports } from './read-reports.ts';

const liking = limited({ name: 'feed.like', points: 120, perSeconds: 60 });
const editing = limited({ name: 'feed.edit', points: 60, perSeconds: 60 });

/** What people say about events. Reading follows the event's visibility; writing takes an account. */
export const feedRouter = router({
  posts: publicProcedure.input(ListPosts).query(({ ctx, input }) => listPosts(ctx, input)),
  home: publicProcedure.input(ListHome).query(({ ctx, input }) => listHome(ctx, input)),
  post: publicProcedure.input(PostRef).query(({ ctx, input }) => readPost(ctx, input)),
  comments: publicProcedure.input(ListComments).query(({ ctx, input }) => listComments(ctx, input)),
  reports: accountProcedure.input(EventRef).query(({ ctx, input }) => readEventReports(ctx, input)),
  createPost: accountProcedure
    .use(limited({ name: 'feed.post', points: 20, perSeconds: 600 }))
    .input(CreatePost)
    .mutation(({ ctx, input }) => createPost(ctx, input)),
  editPost: accountProcedure
    .use(editing)
    .input(EditPost)
    .mutation(({ ctx, input }) => editPost(ctx, input)),
  deletePost: accountProcedure
    .use(editing)
    .input(PostRef)
    .mutation(({ ctx, input }) => deletePost(ctx, input)),
  pinPost: accountProcedure
    .use(editing)
    .input(PinPost)
    .mutation(({ ctx, input }) => pinPost(ctx, input)),
  like: accountProcedure
    .use(liking)
    .input(PostRef)
    .mutation(({ ctx, input }) => likePost(ctx, input)),
  unlike: accountProcedure
    .use(liking)
    .input(PostRef)
    .mutation(({ ctx, input }) => unlikePost(ctx, input)),
  comment: accountProcedure
    .use(limited({ name: 'feed.comment', points: 30, perSeconds: 300 }))
    .input(CreateComment)
    .mutation(({ ctx, input }) => createComment(ctx, input)),
  deleteComment: accountProcedure
    .use(editing)
    .input(CommentRef)
    .mutation(({ ctx, input }) => deleteComment(ctx, input)),
  hide: accountProcedure
    .use(editing)
    .input(Hide)
    .mutation(({ ctx, input }) => hide(ctx, input)),
  unhide: accountProcedure
    .use(editing)
    .input(Unhide)
    .mutation(({ ctx, input }) => unhide(ctx, input)),
  dismissReports: accountProcedure
    .use(editing)
    .input(DismissReports)
    .mutation(({ ctx, input }) => dismissReports(ctx, input)),
  report: accountProcedure
    .use(limited({ name: 'feed.report', points: 20, perSeconds: 600 }))
    .input(Report)
    .mutation(({ ctx, input }) => report(ctx, input)),
});
